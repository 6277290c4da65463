// SPDX-License-Identifier: Apache-2.0
// The two derivation functions of SP 800-90A, and CBC-MAC, from OpenSSL's hashes and block cipher.

#include <fmt/format.h>
#include <openssl/evp.h>

#include <algorithm>
#include <array>
#include <string>
#include <vector>

#include "core/byte_views.h"
#include "core/error.h"
#include "core/secret_bytes.h"
#include "crypto/handles.h"
#include "entropy/condition/conditioner.h"

namespace lightseed {
namespace {

constexpr std::size_t block_bytes = 16;

std::array<std::byte, 4> big_endian(std::size_t value) noexcept {
  return {static_cast<std::byte>(value >> 24), static_cast<std::byte>(value >> 16), static_cast<std::byte>(value >> 8),
          static_cast<std::byte>(value)};
}

/// AES-CBC or AES-ECB without padding.
class Aes {
 public:
  Aes(const char* mode, std::span<const std::byte> key) : context_(EVP_CIPHER_CTX_new()) {
    const std::string name = fmt::format("AES-{}-{}", key.size() * 8, mode);
    const openssl::Handle<EVP_CIPHER> cipher(EVP_CIPHER_fetch(nullptr, name.c_str(), nullptr));
    const std::array<unsigned char, block_bytes> zero_iv{};
    openssl::require(
        cipher != nullptr && context_ != nullptr &&
            EVP_EncryptInit_ex2(context_.get(), cipher.get(), octets(key.data()), zero_iv.data(), nullptr) == 1 &&
            EVP_CIPHER_CTX_set_padding(context_.get(), 0) == 1,
        "start " + name);
  }

  /// Whole blocks; `out` as long as `in`, may be the same.
  void encrypt(std::span<const std::byte> in, std::span<std::byte> out) {
    int written = 0;
    openssl::require(EVP_EncryptUpdate(context_.get(), octets(out.data()), &written, octets(in.data()),
                                       static_cast<int>(in.size())) == 1,
                     "encrypt with AES");
  }

 private:
  openssl::Handle<EVP_CIPHER_CTX> context_;
};

}  // namespace

void cbc_mac(std::span<const std::byte> key, std::span<const std::byte> in, std::span<std::byte> out) {
  if (in.empty() || in.size() % block_bytes != 0 || out.size() != block_bytes) {
    throw Error(Category::usage,
                fmt::format("CBC-MAC takes whole blocks of {} bytes and gives one, not {} bytes in, {} out",
                            block_bytes, in.size(), out.size()));
  }
  Aes aes("CBC", key);
  SecretBytes chain(4096);
  while (!in.empty()) {
    const std::size_t step = std::min(in.size(), chain.size());
    aes.encrypt(in.first(step), chain.bytes().first(step));
    std::ranges::copy(chain.bytes().subspan(step - block_bytes, block_bytes), out.begin());
    in = in.subspan(step);
  }
}

void block_cipher_df(unsigned key_bits, std::span<const std::byte> in, std::span<std::byte> out) {
  const std::size_t key_bytes = key_bits / 8;
  if ((key_bits != 128 && key_bits != 192 && key_bits != 256) || out.empty() || out.size() > 64 ||
      in.size() > 0xffffffff) {
    throw Error(Category::usage,
                fmt::format("Block_Cipher_df takes an AES key length and gives 1 to 64 bytes, not {} bits, "
                            "{} bytes",
                            key_bits, out.size()));
  }
  // Steps 1-5 of 10.3.2: IV || S with S = L || N || input || 0x80, filled up with zeros to whole blocks.
  SecretBytes message((block_bytes + 8 + in.size() + 1 + block_bytes - 1) / block_bytes * block_bytes);
  const std::span<std::byte> s = message.bytes().subspan(block_bytes);
  std::ranges::copy(big_endian(in.size()), s.begin());
  std::ranges::copy(big_endian(out.size()), s.begin() + 4);
  std::ranges::copy(in, s.begin() + 8);
  s[8 + in.size()] = std::byte{0x80};

  // Steps 6-9: chain with the key 00 01 02 … and the counter as IV until there are a key and a block.
  std::array<std::byte, 32> fixed_key;
  for (std::size_t i = 0; i < fixed_key.size(); ++i)
    fixed_key[i] = static_cast<std::byte>(i);
  SecretBytes temp(48);
  for (std::size_t i = 0; i * block_bytes < key_bytes + block_bytes; ++i) {
    std::ranges::copy(big_endian(i), message.bytes().begin());
    cbc_mac(std::span(fixed_key).first(key_bytes), message.bytes(), temp.bytes().subspan(i * block_bytes, block_bytes));
  }

  // Steps 10-15.
  Aes aes("ECB", temp.bytes().first(key_bytes));
  const std::span<std::byte> x = temp.bytes().subspan(key_bytes, block_bytes);
  for (std::size_t at = 0; at < out.size(); at += block_bytes) {
    aes.encrypt(x, x);
    std::ranges::copy(x.first(std::min(block_bytes, out.size() - at)), out.begin() + static_cast<std::ptrdiff_t>(at));
  }
}

void hash_df(std::string_view hash, std::span<const std::byte> in, std::span<std::byte> out) {
  const openssl::Handle<EVP_MD> md(EVP_MD_fetch(nullptr, std::string(hash).c_str(), nullptr));
  openssl::require(md != nullptr, "find the hash");
  const auto length = static_cast<std::size_t>(EVP_MD_get_size(md.get()));
  if (out.empty() || out.size() > 255 * length) {
    throw Error(Category::usage, fmt::format("Hash_df gives 1 to {} bytes, not {}", 255 * length, out.size()));
  }
  const openssl::Handle<EVP_MD_CTX> context(EVP_MD_CTX_new());
  SecretBytes digest(length);
  for (std::size_t counter = 1, at = 0; at < out.size(); ++counter, at += length) {
    const auto count = static_cast<unsigned char>(counter);
    const std::array<std::byte, 4> bits = big_endian(out.size() * 8);
    openssl::require(context != nullptr && EVP_DigestInit_ex2(context.get(), md.get(), nullptr) == 1 &&
                         EVP_DigestUpdate(context.get(), &count, 1) == 1 &&
                         EVP_DigestUpdate(context.get(), bits.data(), bits.size()) == 1 &&
                         EVP_DigestUpdate(context.get(), in.data(), in.size()) == 1 &&
                         EVP_DigestFinal_ex(context.get(), octets(digest.data()), nullptr) == 1,
                     "compute Hash_df");
    std::ranges::copy(digest.bytes().first(std::min(length, out.size() - at)),
                      out.begin() + static_cast<std::ptrdiff_t>(at));
  }
}

}  // namespace lightseed

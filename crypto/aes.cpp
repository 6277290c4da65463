// SPDX-License-Identifier: Apache-2.0
#include "crypto/aes.h"

#include <fmt/format.h>
#include <openssl/evp.h>

#include <limits>
#include <string>
#include <string_view>

#include "core/byte_views.h"
#include "core/error.h"

namespace lightseed {
namespace {

/// As libcrypto calls the mode: "AES-256-WRAP-PAD".
std::string cipher_name(Aes::Mode mode, std::size_t key_bytes) {
  const std::string_view ending = [&] {
    switch (mode) {
      case Aes::Mode::ecb: return "ECB";
      case Aes::Mode::cbc:
      case Aes::Mode::cbc_padded: return "CBC";
      case Aes::Mode::wrap: return "WRAP";
      case Aes::Mode::wrap_padded: return "WRAP-PAD";
    }
    return "";
  }();
  return fmt::format("AES-{}-{}", 8 * key_bytes, ending);
}

constexpr bool has_iv(Aes::Mode mode) noexcept {
  return mode == Aes::Mode::cbc || mode == Aes::Mode::cbc_padded;
}

constexpr bool takes(Aes::Mode mode, std::size_t bytes) noexcept {
  switch (mode) {
    case Aes::Mode::ecb:
    case Aes::Mode::cbc: return bytes > 0 && bytes % Aes::block_bytes == 0;
    case Aes::Mode::cbc_padded: return true;
    case Aes::Mode::wrap: return bytes >= 16 && bytes % 8 == 0;
    case Aes::Mode::wrap_padded: return bytes > 0;
  }
  return false;
}

}  // namespace

Aes::Aes(Mode mode, std::span<const std::byte> key)
    : mode_(mode), key_bytes_(key.size()), context_(EVP_CIPHER_CTX_new()) {
  if (key.size() != 16 && key.size() != 24 && key.size() != 32) {
    throw Error(Category::internal, fmt::format("AES has no key of {} bytes", key.size()));
  }
  const std::string name = cipher_name(mode, key.size());
  const openssl::Handle<EVP_CIPHER> cipher(EVP_CIPHER_fetch(nullptr, name.c_str(), nullptr));
  openssl::require(context_ != nullptr && cipher != nullptr, "find " + name);
  EVP_CIPHER_CTX_set_flags(context_.get(), EVP_CIPHER_CTX_FLAG_WRAP_ALLOW);
  openssl::require(EVP_EncryptInit_ex2(context_.get(), cipher.get(), octets(key.data()), nullptr, nullptr) == 1 &&
                       EVP_CIPHER_CTX_set_padding(context_.get(), mode == Mode::cbc_padded ? 1 : 0) == 1,
                   "begin " + name);
}

void Aes::rekey(std::span<const std::byte> key) {
  if (key.size() != key_bytes_) throw Error(Category::internal, "another AES key must be as long as the first");
  openssl::require(EVP_EncryptInit_ex2(context_.get(), nullptr, octets(key.data()), nullptr, nullptr) == 1,
                   "change an AES key");
}

std::size_t Aes::encrypted_size(std::size_t bytes) const {
  if (!takes(mode_, bytes) || bytes > std::size_t{std::numeric_limits<int>::max()} / 2) {
    throw Error(Category::internal, fmt::format("{} takes no text of {} bytes", cipher_name(mode_, key_bytes_), bytes));
  }
  switch (mode_) {
    case Mode::ecb:
    case Mode::cbc: return bytes;
    case Mode::cbc_padded: return (bytes / block_bytes + 1) * block_bytes;
    case Mode::wrap: return bytes + 8;
    case Mode::wrap_padded: return (bytes + 7) / 8 * 8 + 8;
  }
  return 0;
}

void Aes::encrypt(std::span<const std::byte> iv, std::span<const std::byte> in, std::span<std::byte> out) {
  if (iv.size() != (has_iv(mode_) ? block_bytes : 0) || out.size() != encrypted_size(in.size())) {
    throw Error(Category::internal, "AES was given an IV or room of a wrong length");
  }
  int written = 0, rest = 0;
  const bool good =
      EVP_EncryptInit_ex2(context_.get(), nullptr, nullptr, iv.empty() ? nullptr : octets(iv.data()), nullptr) == 1 &&
      EVP_EncryptUpdate(context_.get(), octets(out.data()), &written, octets(in.data()), static_cast<int>(in.size())) ==
          1 &&
      EVP_EncryptFinal_ex(context_.get(), octets(out.data() + written), &rest) == 1;
  openssl::require(good && static_cast<std::size_t>(written) + static_cast<std::size_t>(rest) == out.size(),
                   "encrypt with " + cipher_name(mode_, key_bytes_));
}

}  // namespace lightseed

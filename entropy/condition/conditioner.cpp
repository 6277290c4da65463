// SPDX-License-Identifier: Apache-2.0
#include "entropy/condition/conditioner.h"

#include <fmt/format.h>
#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/params.h>

#include <algorithm>
#include <array>
#include <string>

#include "core/byte_views.h"
#include "core/error.h"
#include "crypto/handles.h"

namespace lightseed {
namespace {

/// Everything a registered function is: names, sizes, and one call.
struct Row {
  std::string name;
  unsigned output_bits, internal_bits;
  std::size_t key_bytes;
  std::string algorithm;  ///< OpenSSL's name of the hash, or the AES key length
  void (*run)(const Row& row, std::span<const std::byte> key, std::span<const std::byte> in, std::span<std::byte> out);
};

void run_hash(const Row& row, std::span<const std::byte>, std::span<const std::byte> in, std::span<std::byte> out) {
  openssl::require(
      EVP_Q_digest(nullptr, row.algorithm.c_str(), nullptr, in.data(), in.size(), octets(out.data()), nullptr) == 1,
      "compute " + row.algorithm);
}

void run_mac(const char* mac, const char* parameter, const std::string& algorithm, std::span<const std::byte> key,
             std::span<const std::byte> in, std::span<std::byte> out) {
  const openssl::Handle<EVP_MAC> fetched(EVP_MAC_fetch(nullptr, mac, nullptr));
  const openssl::Handle<EVP_MAC_CTX> context(fetched != nullptr ? EVP_MAC_CTX_new(fetched.get()) : nullptr);
  std::string value = algorithm;
  const std::array<OSSL_PARAM, 2> parameters{OSSL_PARAM_construct_utf8_string(parameter, value.data(), 0),
                                             OSSL_PARAM_construct_end()};
  std::size_t written = 0;
  openssl::require(context != nullptr &&
                       EVP_MAC_init(context.get(), octets(key.data()), key.size(), parameters.data()) == 1 &&
                       EVP_MAC_update(context.get(), octets(in.data()), in.size()) == 1 &&
                       EVP_MAC_final(context.get(), octets(out.data()), &written, out.size()) == 1,
                   fmt::format("compute {} with {}", mac, algorithm));
}

void run_hmac(const Row& row, std::span<const std::byte> key, std::span<const std::byte> in, std::span<std::byte> out) {
  run_mac("HMAC", OSSL_MAC_PARAM_DIGEST, row.algorithm, key, in, out);
}

void run_cmac(const Row& row, std::span<const std::byte> key, std::span<const std::byte> in, std::span<std::byte> out) {
  run_mac("CMAC", OSSL_MAC_PARAM_CIPHER, fmt::format("AES-{}-CBC", row.algorithm), key, in, out);
}

void run_cbc_mac(const Row&, std::span<const std::byte> key, std::span<const std::byte> in, std::span<std::byte> out) {
  cbc_mac(key, in, out);
}

void run_block_cipher_df(const Row& row, std::span<const std::byte>, std::span<const std::byte> in,
                         std::span<std::byte> out) {
  block_cipher_df(row.internal_bits, in, out);
}

void run_hash_df(const Row& row, std::span<const std::byte>, std::span<const std::byte> in, std::span<std::byte> out) {
  hash_df(row.algorithm, in, out);
}

class Vetted final : public Conditioner {
 public:
  explicit Vetted(Row row) : row_(std::move(row)) {}

  [[nodiscard]] std::string_view name() const noexcept override { return row_.name; }
  [[nodiscard]] unsigned output_bits() const noexcept override { return row_.output_bits; }
  [[nodiscard]] unsigned internal_bits() const noexcept override { return row_.internal_bits; }
  [[nodiscard]] std::size_t key_bytes() const noexcept override { return row_.key_bytes; }

  void condition(std::span<const std::byte> key, std::span<const std::byte> in,
                 std::span<std::byte> out) const override {
    if (key.size() != row_.key_bytes || out.size() * 8 != row_.output_bits) {
      throw Error(Category::usage,
                  fmt::format("{} takes a key of {} bytes and gives {} bits, not {} bytes and {} bits", row_.name,
                              row_.key_bytes, row_.output_bits, key.size(), out.size() * 8));
    }
    row_.run(row_, key, in, out);
  }

 private:
  Row row_;
};

/// SP 800-90B, Table 1, and the additions on NIST's updates page (SHA-3, SHA-512/256).
std::vector<std::unique_ptr<const Conditioner>> vetted_components() {
  std::vector<std::unique_ptr<const Conditioner>> all;
  const auto add = [&](Row row) { all.push_back(std::make_unique<Vetted>(std::move(row))); };
  struct Hash {
    const char* name;
    const char* openssl;
    unsigned bits;
  };
  for (const Hash& hash :
       {Hash{"sha2-256", "SHA2-256", 256}, Hash{"sha2-384", "SHA2-384", 384}, Hash{"sha2-512", "SHA2-512", 512},
        Hash{"sha2-512/256", "SHA2-512/256", 256}, Hash{"sha3-256", "SHA3-256", 256}, Hash{"sha3-384", "SHA3-384", 384},
        Hash{"sha3-512", "SHA3-512", 512}}) {
    add({hash.name, hash.bits, hash.bits, 0, hash.openssl, run_hash});
    add({fmt::format("hmac-{}", hash.name), hash.bits, hash.bits, hash.bits / 8, hash.openssl, run_hmac});
    add({fmt::format("hash-df-{}", hash.name), hash.bits, hash.bits, 0, hash.openssl, run_hash_df});
  }
  for (const unsigned bits : {128U, 192U, 256U}) {
    const std::string key = std::to_string(bits);
    add({"cmac-aes-" + key, 128, 128, bits / 8, key, run_cmac});
    add({"cbc-mac-aes-" + key, 128, 128, bits / 8, key, run_cbc_mac});
    add({"block-cipher-df-aes-" + key, bits, bits, 0, key, run_block_cipher_df});
  }
  return all;
}

}  // namespace

const std::vector<std::unique_ptr<const Conditioner>>& conditioners() {
  static const auto all = vetted_components();
  return all;
}

const Conditioner& conditioner(std::string_view name) {
  std::string known;
  for (const auto& candidate : conditioners()) {
    if (candidate->name() == name) return *candidate;
    known += fmt::format("{}{}", known.empty() ? "" : ", ", candidate->name());
  }
  throw Error(Category::usage, fmt::format("unknown conditioning component {}; this build has: {}", name, known));
}

}  // namespace lightseed

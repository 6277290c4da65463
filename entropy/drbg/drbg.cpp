// SPDX-License-Identifier: Apache-2.0
#include "entropy/drbg/drbg.h"

#include <fmt/format.h>
#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/params.h>

#include <algorithm>
#include <array>
#include <ctime>

#include "core/byte_views.h"
#include "core/error.h"
#include "crypto/handles.h"

namespace lightseed {
namespace {

struct Kind {
  const char* name;
  const char* algorithm;  ///< EVP_RAND
  const char* parameter;  ///< which function it runs on …
  const char* function;   ///< … and OpenSSL's name of it
  const char* mac;
  unsigned strength;
};

constexpr std::array<Kind, 6> kinds{{
    {"hash-sha2-256", "HASH-DRBG", OSSL_DRBG_PARAM_DIGEST, "SHA2-256", nullptr, 256},
    {"hash-sha2-512", "HASH-DRBG", OSSL_DRBG_PARAM_DIGEST, "SHA2-512", nullptr, 256},
    {"hmac-sha2-256", "HMAC-DRBG", OSSL_DRBG_PARAM_DIGEST, "SHA2-256", "HMAC", 256},
    {"hmac-sha2-512", "HMAC-DRBG", OSSL_DRBG_PARAM_DIGEST, "SHA2-512", "HMAC", 256},
    {"ctr-aes-128", "CTR-DRBG", OSSL_DRBG_PARAM_CIPHER, "AES-128-CTR", nullptr, 128},
    {"ctr-aes-256", "CTR-DRBG", OSSL_DRBG_PARAM_CIPHER, "AES-256-CTR", nullptr, 256},
}};

const Kind& kind_of(std::string_view name) {
  std::string known;
  for (const Kind& kind : kinds) {
    if (name == kind.name) return kind;
    known += fmt::format("{}{}", known.empty() ? "" : ", ", kind.name);
  }
  throw Error(Category::usage, fmt::format("unknown DRBG {}; this build has: {}", name, known));
}

/// Never null: for a null personalization string OpenSSL puts in one of its own.
const unsigned char* octets_of(std::span<const std::byte> bytes) noexcept {
  static constexpr unsigned char none = 0;
  return bytes.empty() ? &none : octets(bytes.data());
}

EVP_RAND_CTX* make_context(const char* algorithm, EVP_RAND_CTX* parent) {
  const openssl::Handle<EVP_RAND> rand(EVP_RAND_fetch(nullptr, algorithm, nullptr));
  EVP_RAND_CTX* const context = rand != nullptr ? EVP_RAND_CTX_new(rand.get(), parent) : nullptr;
  openssl::require(context != nullptr, fmt::format("make a {}", algorithm));
  return context;
}

}  // namespace

const std::vector<std::string>& Drbg::names() {
  static const std::vector<std::string> all = [] {
    std::vector<std::string> list;
    list.reserve(std::size(kinds));
    for (const Kind& kind : kinds)
      list.emplace_back(kind.name);
    return list;
  }();
  return all;
}

/// OpenSSL's DRBGs pull entropy from a parent. TEST-RAND is a parent that hands out exactly what it was given: the
/// caller's entropy goes in that way, and nothing else ever does.
void Drbg::offer(std::span<const std::byte> entropy, std::span<const std::byte> nonce) {
  if (entropy.size() * 8 < strength_) {
    throw Error(Category::usage,
                fmt::format("{} needs at least {} bits of entropy, not {}", name_, strength_, entropy.size() * 8));
  }
  // The parameters are declared as writable, but only read.
  std::vector<OSSL_PARAM> parameters;
  unsigned strength = strength_;
  parameters.push_back(OSSL_PARAM_construct_uint(OSSL_RAND_PARAM_STRENGTH, &strength));
  parameters.push_back(OSSL_PARAM_construct_octet_string(OSSL_RAND_PARAM_TEST_ENTROPY,
                                                         const_cast<std::byte*>(entropy.data()), entropy.size()));
  if (!nonce.empty()) {
    parameters.push_back(OSSL_PARAM_construct_octet_string(OSSL_RAND_PARAM_TEST_NONCE,
                                                           const_cast<std::byte*>(nonce.data()), nonce.size()));
  }
  parameters.push_back(OSSL_PARAM_construct_end());
  openssl::require(EVP_RAND_CTX_set_params(parent_.get(), parameters.data()) == 1, "take entropy");
}

Drbg::Drbg(std::string_view name, std::span<const std::byte> entropy, std::span<const std::byte> nonce,
           std::span<const std::byte> personalization)
    : name_(name) {
  const Kind& kind = kind_of(name);
  strength_ = kind.strength;
  if (nonce.size() * 16 < strength_) {
    throw Error(Category::usage,
                fmt::format("{} needs a nonce of at least {} bits, not {}", name_, strength_ / 2, nonce.size() * 8));
  }
  parent_.reset(make_context("TEST-RAND", nullptr));
  offer(entropy, nonce);
  openssl::require(EVP_RAND_instantiate(parent_.get(), strength_, 0, nullptr, 0, nullptr) == 1, "start TEST-RAND");

  drbg_.reset(make_context(kind.algorithm, parent_.get()));
  std::string function = kind.function;
  std::string mac = kind.mac != nullptr ? kind.mac : "";
  int derivation = 1;
  unsigned never = 0;
  std::time_t no_time = 0;
  std::vector<OSSL_PARAM> parameters{
      OSSL_PARAM_construct_utf8_string(kind.parameter, function.data(), 0),
      OSSL_PARAM_construct_uint(OSSL_DRBG_PARAM_RESEED_REQUESTS, &never),
      OSSL_PARAM_construct_time_t(OSSL_DRBG_PARAM_RESEED_TIME_INTERVAL, &no_time),
  };
  if (kind.mac != nullptr) parameters.push_back(OSSL_PARAM_construct_utf8_string(OSSL_DRBG_PARAM_MAC, mac.data(), 0));
  if (std::string_view(kind.algorithm) == "CTR-DRBG") {
    parameters.push_back(OSSL_PARAM_construct_int(OSSL_DRBG_PARAM_USE_DF, &derivation));
  }
  parameters.push_back(OSSL_PARAM_construct_end());
  openssl::require(EVP_RAND_instantiate(drbg_.get(), strength_, 0, octets_of(personalization), personalization.size(),
                                        parameters.data()) == 1,
                   "instantiate " + name_);
}

Drbg::~Drbg() = default;

void Drbg::reseed(std::span<const std::byte> entropy, std::span<const std::byte> additional) {
  offer(entropy, {});
  openssl::require(EVP_RAND_reseed(drbg_.get(), 0, nullptr, 0, octets_of(additional), additional.size()) == 1,
                   "reseed " + name_);
  requests_ = 0;
}

void Drbg::generate(std::span<std::byte> out, std::span<const std::byte> additional) {
  if (out.size() > most_bytes) {
    throw Error(Category::usage, fmt::format("a DRBG request is at most {} bytes, not {}", most_bytes, out.size()));
  }
  if (requests_ >= most_requests) {
    throw Error(Category::refused, fmt::format("{} has served 2^48 requests and must be reseeded", name_));
  }
  ++requests_;
  openssl::require(EVP_RAND_generate(drbg_.get(), octets(out.data()), out.size(), strength_, 0, octets_of(additional),
                                     additional.size()) == 1,
                   "generate with " + name_);
}

}  // namespace lightseed

// SPDX-License-Identifier: Apache-2.0
// A program of its own: crypto::initialise() must come before OpenSSL's first allocation, as in main() of the command.
#include "crypto/initialise.h"

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/pem.h>

#include <array>
#include <catch2/catch.hpp>
#include <cstdint>
#include <cstdlib>
#include <ctime>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include "crypto/recipient_key.h"
#include "crypto/signer.h"
#include "tests/crypto/pki.h"
#include "tests/scratch.h"

using namespace lightseed;

namespace {

constexpr std::size_t scalar_bytes = 48;
constexpr unsigned char mask = 0x5A;

/// A scalar in hiding: the search must not find itself.
using Masked = std::array<unsigned char, scalar_bytes>;

/// Of the private key in a PEM file, with the first byte first.
Masked scalar_of(const std::string& path) {
  const std::unique_ptr<BIO, decltype(&BIO_free_all)> file(BIO_new_file(path.c_str(), "r"), BIO_free_all);
  EVP_PKEY* const key = PEM_read_bio_PrivateKey(file.get(), nullptr, nullptr, nullptr);
  BIGNUM* number = nullptr;
  REQUIRE(EVP_PKEY_get_bn_param(key, OSSL_PKEY_PARAM_PRIV_KEY, &number) == 1);
  Masked scalar{};
  BN_bn2binpad(number, scalar.data(), static_cast<int>(scalar.size()));
  for (unsigned char& byte : scalar)
    byte ^= mask;
  BN_clear_free(number);
  EVP_PKEY_free(key);
  return scalar;
}

struct Region {
  std::uintptr_t begin = 0, end = 0;
  bool readable = false, locked = false;
};

std::vector<Region> regions() {
  std::vector<Region> all;
  std::ifstream maps("/proc/self/smaps");
  for (std::string line; std::getline(maps, line);) {
    std::istringstream words(line);
    std::string first, second;
    words >> first >> second;
    if (first == "VmFlags:") {
      all.back().locked = (line + " ").find(" lo ") != std::string::npos;
    } else if (first.find('-') != std::string::npos && first.back() != ':') {
      const auto dash = first.find('-');
      all.push_back({.begin = std::stoull(first.substr(0, dash), nullptr, 16),
                     .end = std::stoull(first.substr(dash + 1), nullptr, 16),
                     .readable = second.starts_with("rw")});
    }
  }
  return all;
}

/// Copies of the scalar in writable memory, in either byte order.
struct Copies {
  int locked = 0, unlocked = 0;
};

// The sanitizer's own memory lies in regions of terabytes, and it would object to the rest.
__attribute__((no_sanitize("address"))) Copies copies_of(const Masked& scalar) {
  Copies copies;
  const unsigned char front = scalar.front() ^ mask, back = scalar.back() ^ mask;
  for (const Region& region : regions()) {
    if (!region.readable || region.end - region.begin > (std::uintptr_t{1} << 30)) continue;
    const auto* const bytes = reinterpret_cast<const unsigned char*>(region.begin);
    const std::size_t size = region.end - region.begin;
    for (std::size_t at = 0; at + scalar_bytes <= size; ++at) {
      bool forward = bytes[at] == front, backward = bytes[at] == back;
      for (std::size_t i = 1; i < scalar_bytes && (forward || backward); ++i) {
        forward = forward && (bytes[at + i] ^ mask) == scalar[i];
        backward = backward && (bytes[at + i] ^ mask) == scalar[scalar_bytes - 1 - i];
      }
      if (forward || backward) ++(region.locked ? copies.locked : copies.unlocked);
    }
  }
  return copies;
}

}  // namespace

TEST_CASE("the secure heap is there, and OPENSSL_ variables are gone") {
  CHECK(CRYPTO_secure_malloc_initialized() == 1);
  CHECK(std::getenv("OPENSSL_CONF") == nullptr);
  CHECK(std::getenv("OPENSSL_MODULES") == nullptr);
  CHECK(std::getenv("LIGHTSEED_TEST_KEEPS_THIS") != nullptr);
}

TEST_CASE("a private scalar lies in locked memory alone, while its key lives; afterwards nowhere") {
  if (!crypto::secure_heap_is_locked()) {
    WARN("this user may not lock memory: nothing to see");
    return;
  }
  const test::Scratch scratch;
  test::make_certificate(scratch.path(), {.name = "a"});
  const std::string crt = (scratch / "a.crt").string(), key = (scratch / "a.key").string();
  const Masked scalar = scalar_of(key);
  {
    const Signer signer(crt, key, std::time(nullptr));
    const RecipientKey opener = RecipientKey::read(key);
    const std::string message = "m";
    (void)signer.sign(std::as_bytes(std::span(message.data(), message.size())));
    const Copies copies = copies_of(scalar);
    CHECK(copies.locked > 0);
    CHECK(copies.unlocked == 0);
  }
  const Copies copies = copies_of(scalar);
  CHECK(copies.locked == 0);
  CHECK(copies.unlocked == 0);
}

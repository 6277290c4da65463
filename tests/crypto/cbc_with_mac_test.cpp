// SPDX-License-Identifier: Apache-2.0
#include "crypto/cbc_with_mac.h"

#include <catch2/catch.hpp>
#include <string>

#include "core/byte_views.h"
#include "core/error.h"
#include "core/hex.h"
#include "crypto/base64.h"
#include "tests/category_of.h"

using namespace lightseed;

// RFC 6030, figure 6: a secret under a pre-shared key, its MAC, and the MAC's key under the same.
TEST_CASE("a secret is sealed as figure 6 of RFC 6030 shows") {
  const auto key = from_hex("12345678901234567890123456789012").value();
  const auto mac_key = from_hex("1122334455667788990011223344556677889900").value();
  CbcWithMac cipher(key, mac_key, "SHA1");
  CHECK(base64(cipher.seal(mac_key, from_hex("11223344556677889900112233445566").value()).text) ==
        "ESIzRFVmd4iZABEiM0RVZgKn6WjLaTC1sbeBMSvIhRejN9vJa2BOlSaMrR7I5wSX");
  const SealedText sealed =
      cipher.seal(bytes_of("12345678901234567890"), from_hex("000102030405060708090a0b0c0d0e0f").value());
  CHECK(base64(sealed.text) == "AAECAwQFBgcICQoLDA0OD+cIHItlB3Wra1DUpxVvOx2lef1VmNPCMl8jwZqIUqGv");
  CHECK(base64(sealed.mac) == "Su+NvtQfmvfJzF6bmQiJqoLRExc=");
}

TEST_CASE("no two secrets have one IV, and one of another length is refused") {
  const auto key = from_hex("12345678901234567890123456789012").value();
  CbcWithMac cipher(key, key, "SHA512");
  const std::string one = hex(cipher.seal(key).text), other = hex(cipher.seal(key).text);
  CHECK(one.substr(0, 32) != other.substr(0, 32));
  CHECK(one.substr(32) != other.substr(32));
  CHECK(cipher.seal({}).text.size() == 32);
  CHECK(cipher.seal(key).mac.size() == 64);
  CHECK(test::category_of([&] { (void)cipher.seal(key, std::span(key).first(12)); }) == Category::internal);
}

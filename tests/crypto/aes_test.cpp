// SPDX-License-Identifier: Apache-2.0
#include "crypto/aes.h"

#include <catch2/catch.hpp>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/error.h"
#include "core/hex.h"
#include "crypto/aes_key.h"
#include "crypto/milenage.h"
#include "tests/category_of.h"
#include "tests/crypto/aes_answers.h"

using namespace lightseed;

namespace {

std::string encrypted(AesCipher& aes, const test::AesAnswer& answer) {
  const auto text = from_hex(answer.text).value();
  std::vector<std::byte> out(aes.encrypted_size(text.size()));
  aes.encrypt(from_hex(answer.iv).value(), text, out);
  return hex(out);
}

}  // namespace

TEST_CASE("AES is that of the standards") {
  for (const test::AesAnswer& answer : test::aes_answers) {
    CAPTURE(answer.key, answer.text);
    const auto key = from_hex(answer.key).value();
    Aes aes(answer.mode, key);
    CHECK(encrypted(aes, answer) == answer.cipher_text);
    // Nothing of one text goes over into the next.
    CHECK(encrypted(aes, answer) == answer.cipher_text);
    aes.rekey(std::vector<std::byte>(key.size()));
    CHECK(encrypted(aes, answer) != answer.cipher_text);
    aes.rekey(key);
    CHECK(encrypted(aes, answer) == answer.cipher_text);
  }
}

TEST_CASE("a key gives ciphers of its own, and GlobalPlatform's check value") {
  SecretBytes bytes(32);
  REQUIRE(from_hex("603deb1015ca71be2b73aef0857d77811f352c073b6108d72d9810a30914dff4", bytes.bytes()));
  auto key = aes_key_of(std::move(bytes));
  CHECK(key->bytes() == 32);
  // Made by: printf '\1%.0s' {1..16} | openssl enc -aes-256-ecb -nopad -K KEY
  CHECK(key->check().value == "b3738b");
  CHECK(key->check().method == "GlobalPlatform AES");
  const auto cipher = key->cipher(AesCipher::Mode::ecb);
  key.reset();
  CHECK(encrypted(*cipher, test::aes_answers[1]) == test::aes_answers[1].cipher_text);
}

TEST_CASE("a text that a mode does not take is refused") {
  const auto key = from_hex("000102030405060708090a0b0c0d0e0f").value();
  CHECK(test::category_of([&] { Aes(Aes::Mode::ecb, std::span(key).first(15)); }) == Category::internal);
  for (const auto& [mode, bytes] : {std::pair{Aes::Mode::ecb, 17},
                                    {Aes::Mode::cbc, 0},
                                    {Aes::Mode::wrap, 8},
                                    {Aes::Mode::wrap, 20},
                                    {Aes::Mode::wrap_padded, 0}}) {
    const Aes aes(mode, key);
    const auto length = static_cast<std::size_t>(bytes);
    CHECK(test::category_of([&, &aes = aes] { (void)aes.encrypted_size(length); }) == Category::internal);
  }
  Aes aes(Aes::Mode::cbc, key);
  std::vector<std::byte> out(16);
  CHECK(test::category_of([&] { aes.encrypt({}, key, out); }) == Category::internal);
  CHECK(test::category_of([&] { aes.encrypt(key, key, std::span(out).first(15)); }) == Category::internal);
  CHECK(test::category_of([&] { aes.rekey(std::span(key).first(8)); }) == Category::internal);
}

// 3GPP TS 35.207, test sets 1 to 6.
TEST_CASE("OPc is that of the test sets of TS 35.207") {
  struct Set {
    std::string_view k, op, opc;
  };
  const Set sets[] = {
      {"465b5ce8b199b49faa5f0a2ee238a6bc", "cdc202d5123e20f62b6d676ac72cb318", "cd63cb71954a9f4e48a5994e37a02baf"},
      {"0396eb317b6d1c36f19c1c84cd6ffd16", "ff53bade17df5d4e793073ce9d7579fa", "53c15671c60a4b731c55b4a441c0bde2"},
      {"fec86ba6eb707ed08905757b1bb44b8f", "dbc59adcb6f9a0ef735477b7fadf8374", "1006020f0a478bf6b699f15c062e42b3"},
      {"9e5944aea94b81165c82fbf9f32db751", "223014c5806694c007ca1eeef57f004f", "a64a507ae1a2a98bb88eb4210135dc87"},
      {"4ab1deb05ca6ceb051fc98e77d026a84", "2d16c5cd1fdf6b22383584e3bef2a8d8", "dcf07cbd51855290b92a07a9891e523e"},
      {"6c38a116ac280c454f59332ee35c8c4f", "1ba00a1a7c6700ac8c3ff3e96ad08725", "3803ef5363b947c6aaa225e58fae3934"}};
  OpcDerivation derivation;
  for (const Set& set : sets) {
    std::vector<std::byte> opc(OpcDerivation::bytes);
    derivation.derive(from_hex(set.k).value(), from_hex(set.op).value(), opc);
    CHECK(hex(opc) == set.opc);
  }
}

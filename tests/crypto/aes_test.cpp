// SPDX-License-Identifier: Apache-2.0
#include "crypto/aes.h"

#include <catch2/catch.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "core/error.h"
#include "core/hex.h"
#include "crypto/milenage.h"
#include "tests/category_of.h"

using namespace lightseed;

namespace {

std::string encrypted(Aes& aes, std::string_view in, std::string_view iv = {}) {
  const auto text = from_hex(in).value();
  std::vector<std::byte> out(aes.encrypted_size(text.size()));
  aes.encrypt(from_hex(iv).value(), text, out);
  return hex(out);
}

std::string encrypted(Aes::Mode mode, std::string_view key, std::string_view in, std::string_view iv = {}) {
  Aes aes(mode, from_hex(key).value());
  const std::string first = encrypted(aes, in, iv);
  // Nothing of one text goes over into the next.
  CHECK(encrypted(aes, in, iv) == first);
  return first;
}

}  // namespace

TEST_CASE("AES in blocks is that of FIPS 197 and SP 800-38A") {
  const std::string_view text = "6bc1bee22e409f96e93d7e117393172aae2d8a571e03ac9c9eb76fac45af8e51";
  CHECK(encrypted(Aes::Mode::ecb, "2b7e151628aed2a6abf7158809cf4f3c", text) ==
        "3ad77bb40d7a3660a89ecaf32466ef97f5d3d58503b9699de785895a96fdbaaf");
  CHECK(encrypted(Aes::Mode::ecb, "603deb1015ca71be2b73aef0857d77811f352c073b6108d72d9810a30914dff4", text) ==
        "f3eed1bdb5d2a03c064b5a7e3db181f8591ccb10d410ed26dc5ba74a31362870");
  CHECK(encrypted(Aes::Mode::cbc, "2b7e151628aed2a6abf7158809cf4f3c", text, "000102030405060708090a0b0c0d0e0f") ==
        "7649abac8119b246cee98e9b12e9197d5086cb9b507219ee95db113a917678b2");
}

TEST_CASE("a key is wrapped as RFC 3394 section 4 shows") {
  const std::string_view kek = "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f";
  const std::string_view key = "00112233445566778899aabbccddeeff000102030405060708090a0b0c0d0e0f";
  struct Vector {
    std::size_t kek, key;
    std::string_view wrapped;
  };
  const Vector vectors[] = {
      {16, 16, "1fa68b0a8112b447aef34bd8fb5a7b829d3e862371d2cfe5"},
      {24, 16, "96778b25ae6ca435f92b5b97c050aed2468ab8a17ad84e5d"},
      {32, 16, "64e8c3f9ce0f5ba263e9777905818a2a93c8191e7d6e8ae7"},
      {24, 24, "031d33264e15d33268f24ec260743edce1c6c7ddee725a936ba814915c6762d2"},
      {32, 24, "a8f9bc1612c68b3ff6e6f4fbe30e71e4769c8b80a32cb8958cd5d17d6b254da1"},
      {32, 32, "28c9f404c4b810f4cbccb35cfb87f8263f5786e2d80ed326cbc7f0e71a99f43bfb988b9b7a02dd21"}};
  for (const Vector& vector : vectors)
    CHECK(encrypted(Aes::Mode::wrap, kek.substr(0, 2 * vector.kek), key.substr(0, 2 * vector.key)) == vector.wrapped);
}

TEST_CASE("a key of any length is wrapped as RFC 5649 section 6 shows") {
  const std::string_view kek = "5840df6e29b02af1ab493b705bf16ea1ae8338f4dcc176a8";
  CHECK(encrypted(Aes::Mode::wrap_padded, kek, "c37b7e6492584340bed12207808941155068f738") ==
        "138bdeaa9b8fa7fc61f97742e72248ee5ae6ae5360d1ae6a5f54f373fa543b6a");
  CHECK(encrypted(Aes::Mode::wrap_padded, kek, "466f7250617369") == "afbeb0f07dfbf5419200f2ccb50bb24f");
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

// SPDX-License-Identifier: Apache-2.0
#include "provision/export/transport_key.h"

#include <array>
#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>
#include <string>

#include "core/error.h"
#include "core/hex.h"
#include "tests/category_of.h"
#include "tests/crypto/pki.h"
#include "tests/scratch.h"

using namespace lightseed;
namespace fs = std::filesystem;

namespace {

constexpr std::array<std::size_t, 2> aes_128_or_256{16, 32};

fs::path key_file(const test::Scratch& scratch, const std::string& content, fs::perms mode = fs::perms::owner_read) {
  const fs::path path = scratch / "key";
  fs::remove(path);
  std::ofstream(path) << content;
  fs::permissions(path, mode);
  return path;
}

}  // namespace

TEST_CASE("a transport key is named USE:NAME:FILE") {
  const TransportKeySpec spec = TransportKeySpec::read("auc:7:/a/b:c");
  CHECK(spec.use == "auc");
  CHECK(spec.name == "7");
  CHECK(spec.place == "/a/b:c");
  CHECK_FALSE(spec.in_token());
  const TransportKeySpec token = TransportKeySpec::read("kek:K7:pkcs11:token=keys;object=kek?pin-source=file:/pin");
  CHECK(token.name == "K7");
  CHECK(token.place == "pkcs11:token=keys;object=kek?pin-source=file:/pin");
  CHECK(token.in_token());
  for (const char* const text : {"", "auc", "auc:7", "auc:7:", ":7:f", "auc::f", "a b:7:f", "auc:<x>:f", "auc:\n:f"})
    CHECK(test::category_of([&] { (void)TransportKeySpec::read(text); }) == Category::usage);
  CHECK(test::category_of([] { (void)TransportKeySpec::read("auc:" + std::string(65, 'x') + ":f"); }) ==
        Category::usage);
}

TEST_CASE("a key in hexadecimal is read from a file that nobody else can read") {
  const test::Scratch scratch;
  const std::string key = "8f93d85ce8b199b49faa5f0a2ee238a6";
  CHECK(hex(read_hex_key(key_file(scratch, key + "\r\n"), aes_128_or_256).bytes()) == key);
  CHECK(hex(read_hex_key(key_file(scratch, key + key.substr(16) + key.substr(0, 16)), aes_128_or_256).bytes()).size() ==
        64);
  const auto refused = [&](const fs::path& path) {
    return test::category_of([&] { (void)read_hex_key(path, aes_128_or_256); });
  };
  CHECK(refused(key_file(scratch, key, fs::perms::owner_read | fs::perms::group_read)) == Category::device);
  CHECK(refused(key_file(scratch, key + "00")) == Category::malformed);
  CHECK(refused(key_file(scratch, key.substr(1))) == Category::malformed);
  CHECK(refused(key_file(scratch, "x" + key.substr(1))) == Category::malformed);
  CHECK(refused(key_file(scratch, "")) == Category::malformed);
  CHECK(refused(key_file(scratch, std::string(32, '0'))) == Category::refused);
  CHECK(refused(key_file(scratch, "000102030405060708090a0b0c0d0e0f")) == Category::refused);
  CHECK(refused(scratch / "none") == Category::io);
}

TEST_CASE("each transport key has one use, and none is given in vain") {
  const test::Scratch scratch;
  const fs::path file = key_file(scratch, "8f93d85ce8b199b49faa5f0a2ee238a6");
  CHECK(test::category_of([&] { TransportKeys({{"auc", "1", file}, {"auc", "2", file}}); }) == Category::usage);
  TransportKeys keys({{"auc", "1", file}, {"ota", "2", file}});
  CHECK(keys.has("auc"));
  CHECK_FALSE(keys.has("kek"));
  CHECK(keys.name("ota") == "2");
  CHECK(test::category_of([&] { (void)keys.aes("kek", aes_128_or_256); }) == Category::usage);
  CHECK(keys.aes("auc", aes_128_or_256).bytes() == 16);
  CHECK(test::category_of([&] { keys.require_all_taken("pskc"); }) == Category::usage);
  (void)keys.aes("ota", aes_128_or_256);
  (void)keys.aes("ota", aes_128_or_256);
  keys.require_all_taken("pskc");
  CHECK(keys.used().size() == 2);
  // Made by: printf '\1%.0s' {1..16} | openssl enc -aes-128-ecb -nopad -K KEY
  CHECK(keys.used()[0].check == "0d2131");
}

TEST_CASE("other keys than RSA are refused where RSA is wanted") {
  const test::Scratch scratch;
  test::make_certificate(scratch.path(), {.name = "ec"});
  TransportKeys keys({{"vendor", "1", scratch / "ec.key"}, {"azure", "1", scratch / "ec.crt"}});
  CHECK(test::category_of([&] { (void)keys.rsa_private("vendor"); }) == Category::refused);
  CHECK(test::category_of([&] { (void)keys.rsa_public("azure"); }) == Category::malformed);
}

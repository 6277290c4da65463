// SPDX-License-Identifier: Apache-2.0
#include "entropy/condition/conditioner.h"
#include "core/hex.h"

#include <openssl/evp.h>

#include <algorithm>
#include <catch2/catch.hpp>
#include <fstream>
#include <random>
#include <set>
#include <string>
#include <vector>

#include "core/error.h"
#include "core/json.h"
#include "crypto/digest.h"
#include "entropy/drbg/drbg.h"
#include "tests/from_hex.h"
#include "tests/test_paths.h"

using namespace lightseed;

namespace {

using Bytes = std::vector<std::byte>;

Bytes text(const std::string& words) {
  const auto bytes = std::as_bytes(std::span(words));
  return {bytes.begin(), bytes.end()};
}

Bytes random_bytes(std::mt19937_64& engine, std::size_t count) {
  Bytes bytes(count);
  for (std::byte& b : bytes)
    b = static_cast<std::byte>(engine());
  return bytes;
}

Bytes joined(const Bytes& a, const Bytes& b) {
  Bytes all(a.size() + b.size());
  std::ranges::copy(a, all.begin());
  std::ranges::copy(b, all.begin() + static_cast<std::ptrdiff_t>(a.size()));
  return all;
}

std::string output_of(const char* name, const Bytes& key, const Bytes& in) {
  const Conditioner& component = conditioner(name);
  Bytes out(component.output_bits() / 8);
  component.condition(key, in, out);
  return hex(out);
}

/// AES of one block by OpenSSL, for twins written from the standard.
Bytes aes(const Bytes& key, Bytes block) {
  const std::string name = "AES-" + std::to_string(key.size() * 8) + "-ECB";
  EVP_CIPHER* cipher = EVP_CIPHER_fetch(nullptr, name.c_str(), nullptr);
  EVP_CIPHER_CTX* context = EVP_CIPHER_CTX_new();
  int length = 0;
  const auto octets = [](auto* p) { return reinterpret_cast<unsigned char*>(const_cast<std::byte*>(p)); };
  REQUIRE(EVP_EncryptInit_ex2(context, cipher, octets(key.data()), nullptr, nullptr) == 1);
  EVP_CIPHER_CTX_set_padding(context, 0);
  REQUIRE(EVP_EncryptUpdate(context, octets(block.data()), &length, octets(block.data()), 16) == 1);
  EVP_CIPHER_CTX_free(context);
  EVP_CIPHER_free(cipher);
  return block;
}

void add_one(Bytes& v) {
  for (std::size_t i = v.size(); i-- > 0;)
    if ((v[i] = static_cast<std::byte>(std::to_integer<unsigned>(v[i]) + 1)) != std::byte{0}) return;
}

}  // namespace

TEST_CASE("hashes and MACs give the published values") {
  // FIPS 180-4 and 202 examples, RFC 4231 case 1 (key filled up to the registered length does not change HMAC),
  // SP 800-38B appendix D (AES-128, empty and 16-byte message).
  CHECK(output_of("sha2-256", {}, text("abc")) == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  CHECK(output_of("sha2-512/256", {}, text("abc")) ==
        "53048e2681941ef99b2e29b76b4c7dabe4c2d0c634fc6d46e0e2f13107e7af23");
  CHECK(output_of("sha3-256", {}, text("abc")) == "3a985da74fe225b2045c172d6bd390bd855f086e3e9d525b46bfe24511431532");
  CHECK(output_of("sha2-384", {}, text("abc")).substr(0, 32) == "cb00753f45a35e8bb5a03d699ac65007");
  CHECK(output_of("sha2-512", {}, text("abc")).substr(0, 32) == "ddaf35a193617abacc417349ae204131");
  CHECK(output_of("sha3-384", {}, text("abc")).substr(0, 32) == "ec01498288516fc926459f58e2c6ad8d");
  CHECK(output_of("sha3-512", {}, text("abc")).substr(0, 32) == "b751850b1a57168a5693cd924b6b096e");
  Bytes key(20, std::byte{0x0b});
  key.resize(32);
  CHECK(output_of("hmac-sha2-256", key, text("Hi There")) ==
        "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7");
  const Bytes aes_key{std::byte{0x2b}, std::byte{0x7e}, std::byte{0x15}, std::byte{0x16},
                      std::byte{0x28}, std::byte{0xae}, std::byte{0xd2}, std::byte{0xa6},
                      std::byte{0xab}, std::byte{0xf7}, std::byte{0x15}, std::byte{0x88},
                      std::byte{0x09}, std::byte{0xcf}, std::byte{0x4f}, std::byte{0x3c}};
  CHECK(output_of("cmac-aes-128", aes_key, {}) == "bb1d6929e95937287fa37d129b756746");
}

TEST_CASE("components give the answers of NIST's ACVP server") {
  std::ifstream file(lightseed::test::data_folder() + std::string("/conditioning/acvp.json"));
  const Json known = Json::parse(file);
  std::set<std::string> seen;
  for (const Json& entry : known.at("entries")) {
    const auto bytes = [&](const char* member) { return test::bytes_from_hex(entry.at(member).get<std::string>()); };
    const auto name = entry.at("component").get<std::string>();
    INFO(name << ", " << entry.at("from").get<std::string>());
    const auto expected = entry.at("output").get<std::string>();
    Bytes out(expected.size() / 2);
    if (const std::string df = "block-cipher-df-aes-"; name.starts_with(df)) {
      block_cipher_df(static_cast<unsigned>(std::stoul(name.substr(df.size()))), bytes("input"), out);
    } else {
      const Conditioner& component = conditioner(name);
      Bytes key = bytes("key");
      key.resize(component.key_bytes());  // HMAC fills its key up with zeros anyway
      Bytes whole(component.output_bits() / 8);
      component.condition(key, bytes("input"), whole);
      std::copy_n(whole.begin(), out.size(), out.begin());
    }
    CHECK(hex(out) == expected);
    seen.insert(name);
  }
  // ACVP has no vectors for Hash_df over SHA-3.
  CHECK(seen.size() == conditioners().size() - 3);
}

TEST_CASE("CBC-MAC is the chain of block encryptions") {
  std::mt19937_64 engine(101);
  for (const std::size_t key_bytes : {16UL, 24UL, 32UL}) {
    for (const std::size_t blocks : {1UL, 2UL, 255UL, 256UL, 257UL, 1000UL}) {
      const Bytes key = random_bytes(engine, key_bytes);
      const Bytes in = random_bytes(engine, blocks * 16);
      Bytes chain(16);
      for (std::size_t i = 0; i < in.size(); ++i) {
        chain[i % 16] ^= in[i];
        if (i % 16 == 15) chain = aes(key, chain);
      }
      Bytes out(16);
      cbc_mac(key, in, out);
      CHECK(out == chain);
    }
  }
  Bytes out(16);
  CHECK_THROWS_AS(cbc_mac(Bytes(16), Bytes(15), out), Error);
  CHECK_THROWS_AS(cbc_mac(Bytes(16), {}, out), Error);
}

TEST_CASE("Block_Cipher_df makes OpenSSL's CTR_DRBG when the rest of SP 800-90A 10.2.1 is put round it") {
  // The derivation function has no entry of its own in OpenSSL; its CTR_DRBG, which is checked by NIST, contains it.
  std::mt19937_64 engine(103);
  for (const auto& [name, key_bytes] : {std::pair<const char*, std::size_t>{"ctr-aes-128", 16}, {"ctr-aes-256", 32}}) {
    const Bytes entropy = random_bytes(engine, 32);
    const Bytes nonce = random_bytes(engine, 16);
    const Bytes words = random_bytes(engine, 21);
    Drbg drbg(name, entropy, nonce, words);
    Bytes expected(80);
    drbg.generate(expected);

    Bytes key(key_bytes);
    Bytes v(16);
    const auto update = [&](const Bytes& data) {
      Bytes temp;
      while (temp.size() < key_bytes + 16) {
        add_one(v);
        temp = joined(temp, aes(key, v));
      }
      for (std::size_t i = 0; i < key_bytes + 16; ++i)
        temp[i] ^= data[i];
      key.assign(temp.begin(), temp.begin() + static_cast<std::ptrdiff_t>(key_bytes));
      v.assign(temp.begin() + static_cast<std::ptrdiff_t>(key_bytes),
               temp.begin() + static_cast<std::ptrdiff_t>(key_bytes + 16));
    };
    Bytes seed(key_bytes + 16);
    block_cipher_df(static_cast<unsigned>(key_bytes * 8), joined(joined(entropy, nonce), words), seed);
    update(seed);
    Bytes out;
    while (out.size() < expected.size()) {
      add_one(v);
      out = joined(out, aes(key, v));
    }
    CHECK(out == expected);
  }
}

TEST_CASE("Hash_df makes OpenSSL's Hash_DRBG when the rest of SP 800-90A 10.1.1 is put round it") {
  std::mt19937_64 engine(107);
  struct Case {
    const char* drbg;
    const char* hash;
    std::size_t seed_bytes;
  };
  for (const Case& c : {Case{"hash-sha2-256", "SHA2-256", 55}, Case{"hash-sha2-512", "SHA2-512", 111}}) {
    const Bytes entropy = random_bytes(engine, 32);
    const Bytes nonce = random_bytes(engine, 16);
    Drbg drbg(c.drbg, entropy, nonce);
    Bytes expected(150);
    drbg.generate(expected);

    const std::string component = std::string(c.hash) == "SHA2-256" ? "sha2-256" : "sha2-512";
    Bytes v(c.seed_bytes);
    hash_df(c.hash, joined(entropy, nonce), v);
    Bytes out;
    for (Bytes data = v; out.size() < expected.size(); add_one(data)) {
      Bytes digest(conditioner(component).output_bits() / 8);
      conditioner(component).condition({}, data, digest);
      out = joined(out, digest);
    }
    out.resize(expected.size());
    CHECK(out == expected);
  }
}

TEST_CASE("derivation functions refuse lengths they cannot give") {
  Bytes out(65);
  CHECK_THROWS_AS(block_cipher_df(256, text("x"), out), Error);
  CHECK_THROWS_AS(block_cipher_df(100, text("x"), std::span(out).first(1)), Error);
  CHECK_THROWS_AS(hash_df("SHA2-256", text("x"), std::span(out).first(0)), Error);
  CHECK_THROWS_AS(hash_df("no-such-hash", text("x"), out), Error);
}

TEST_CASE("every registered component runs, depends on its input, and refuses other lengths") {
  std::mt19937_64 engine(109);
  CHECK(conditioners().size() == 30);
  for (const auto& component : conditioners()) {
    INFO(component->name());
    const Bytes key = random_bytes(engine, component->key_bytes());
    Bytes in = random_bytes(engine, 160);
    Bytes a(component->output_bits() / 8);
    Bytes b(a.size());
    component->condition(key, in, a);
    in[77] ^= std::byte{1};
    component->condition(key, in, b);
    CHECK(a != b);
    CHECK_THROWS_AS(component->condition(Bytes(key.size() + 1), in, a), Error);
    CHECK_THROWS_AS(component->condition(key, in, std::span(a).first(a.size() - 1)), Error);
    CHECK(component->internal_bits() >= 128);
    CHECK(&conditioner(component->name()) == component.get());
  }
  CHECK_THROWS_AS(conditioner("md5"), Error);
}

// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch.hpp>
#include <functional>
#include <string>
#include <vector>

#include "core/byte_views.h"
#include "core/error.h"
#include "core/hex.h"
#include "crypto/aes.h"
#include "crypto/token_aes_key.h"
#include "crypto/token_rsa_key.h"
#include "crypto/token_signing_key.h"
#include "tests/crypto/aes_answers.h"
#include "tests/token/soft_token.h"

using namespace lightseed;
using test::SoftToken;

namespace {

constexpr std::string_view some_key = "8f93d85ce8b199b49faa5f0a2ee238a6";

std::string encrypted(AesCipher& aes, std::string_view in, std::string_view iv) {
  const auto text = from_hex(in).value();
  std::vector<std::byte> out(aes.encrypted_size(text.size()));
  aes.encrypt(from_hex(iv).value(), text, out);
  return hex(out);
}

/// What is thrown must be of the category and say these words.
void check_refusal(Category category, const std::string& words, const std::function<void()>& open) {
  CAPTURE(words);
  try {
    open();
  } catch (const Error& error) {
    CHECK(error.category() == category);
    CHECK_THAT(error.what(), Catch::Contains(words));
    return;
  }
  FAIL_CHECK("was accepted");
}

}  // namespace

TEST_CASE("AES in a token is that of the standards") {
  const SoftToken token;
  int number = 0;
  for (const test::AesAnswer& answer : test::aes_answers) {
    CAPTURE(answer.key, answer.text);
    const std::string label = "answer" + std::to_string(++number);
    token.add_secret(label, answer.key);
    const std::size_t before = token.objects();
    {
      const auto key = open_token_aes_key(token.uri(label));
      CHECK(key->bytes() == answer.key.size() / 2);
      const auto aes = key->cipher(answer.mode);
      CHECK(encrypted(*aes, answer.text, answer.iv) == answer.cipher_text);
      // Nothing of one text goes over into the next.
      CHECK(encrypted(*aes, answer.text, answer.iv) == answer.cipher_text);
      // What was wrapped is gone before the session is.
      CHECK(token.objects() == before);
    }
  }
}

TEST_CASE("ciphers of one token take turns, and texts of every length come out as in memory") {
  const SoftToken token;
  token.add_secret("one", some_key);
  token.add_secret("two", "603deb1015ca71be2b73aef0857d77811f352c073b6108d72d9810a30914dff4");
  const auto one = open_token_aes_key(token.uri("one")), two = open_token_aes_key(token.uri("two"));
  const auto padded = one->cipher(AesCipher::Mode::cbc_padded), wrap = one->cipher(AesCipher::Mode::wrap_padded),
             other = two->cipher(AesCipher::Mode::cbc_padded);
  const auto key = from_hex(some_key).value();
  Aes padded_here(Aes::Mode::cbc_padded, key), wrap_here(Aes::Mode::wrap_padded, key);
  const std::string_view iv = "000102030405060708090a0b0c0d0e0f";
  std::string text;
  for (int bytes = 0; bytes < 40; ++bytes, text += "5a") {
    CAPTURE(bytes);
    CHECK(encrypted(*padded, text, iv) == encrypted(padded_here, text, iv));
    CHECK(encrypted(*other, text, iv) != encrypted(padded_here, text, iv));
    if (bytes > 0) CHECK(encrypted(*wrap, text, "") == encrypted(wrap_here, text, ""));
  }
}

TEST_CASE("the check value of a token's key is that of the same key in memory") {
  const SoftToken token;
  const auto bytes = from_hex(some_key).value();
  token.add_secret("both", some_key);
  token.add_secret("wraps", bytes, {.encrypt = CK_FALSE});
  const KeyCheck check = open_token_aes_key(token.uri("both"))->check();
  // Made by: printf '\1%.0s' {1..16} | openssl enc -aes-128-ecb -nopad -K KEY
  CHECK(check.value == "0d2131");
  CHECK(check.method == "GlobalPlatform AES");
  // PKCS#11 takes zeros: head -c 16 /dev/zero | openssl enc …
  const auto wraps = open_token_aes_key(token.uri("wraps"));
  CHECK(wraps->check().value == "3834e9");
  CHECK(wraps->check().method == "PKCS#11 CKA_CHECK_VALUE");
  Aes wrap_here(Aes::Mode::wrap, bytes);
  CHECK(encrypted(*wraps->cipher(AesCipher::Mode::wrap), some_key, "") == encrypted(wrap_here, some_key, ""));
}

TEST_CASE("a token's key does what it is for, and nothing else") {
  const SoftToken token;
  const auto bytes = from_hex(some_key).value();
  token.add_secret("wraps", bytes, {.encrypt = CK_FALSE});
  token.add_secret("encrypts", bytes, {.wrap = CK_FALSE});
  for (const auto mode :
       {AesCipher::Mode::ecb, AesCipher::Mode::cbc, AesCipher::Mode::cbc_padded, AesCipher::Mode::wrap_padded}) {
    CHECK_NOTHROW(open_token_aes_key(token.uri("encrypts"))->cipher(mode));
    check_refusal(Category::refused, "may not encrypt (CKA_ENCRYPT)",
                  [&] { (void)open_token_aes_key(token.uri("wraps"))->cipher(mode); });
  }
  CHECK_NOTHROW(open_token_aes_key(token.uri("wraps"))->cipher(AesCipher::Mode::wrap));
  check_refusal(Category::refused, "may not wrap (CKA_WRAP)",
                [&] { (void)open_token_aes_key(token.uri("encrypts"))->cipher(AesCipher::Mode::wrap); });
}

TEST_CASE("one key of the kind that is wanted must have the name") {
  const SoftToken token;
  const auto bytes = from_hex(some_key).value();
  token.add_ec("ec");
  token.add_secret("hmac", bytes, {.type = CKK_GENERIC_SECRET});
  token.add_secret("twice", bytes, {}, 7);
  token.add_secret("twice", bytes, {}, 8);
  token.add_secret("both", bytes, {});
  token.add_ec("both");
  const auto refuses = [&](Category category, const std::string& words, const std::string& uri) {
    check_refusal(category, words, [&] { (void)open_token_aes_key(uri); });
  };
  refuses(Category::device, "the token 'exports' has no secret key that the URI names", token.uri("none"));
  refuses(Category::device, "has no secret key that the URI names", token.uri("ec"));
  refuses(Category::refused, "is no AES key", token.uri("hmac"));
  refuses(Category::usage, "names more than one secret key", token.uri("twice"));
  CHECK_NOTHROW(open_token_aes_key(token.uri("twice", ";id=%07")));
  refuses(Category::device, "has no secret key that the URI names", token.uri("twice", ";id=%09"));
  refuses(Category::usage, "is no secret key, by its type", token.uri("both", ";type=private"));
  CHECK_NOTHROW(open_token_aes_key(token.uri("both", ";type=secret-key")));
  refuses(Category::device, "the PIN in", token.uri_with_pin("both", "111111"));
  refuses(Category::device, "holds no PIN", token.uri_with_pin("both", ""));
  refuses(Category::usage, "no PKCS#11 URI", "pkcs11:token=%zz");

  // Each kind of key is found among its own alone.
  CHECK_NOTHROW(open_token_signing_key(token.uri("both"), SignatureKind::ecdsa_p384));
  check_refusal(Category::device, "has no private key that the URI names",
                [&] { (void)open_token_signing_key(token.uri("twice"), SignatureKind::ecdsa_p384); });
  // Tokens sign the first signature alone.
  for (const SignatureKind kind : signature_kinds()) {
    if (kind == SignatureKind::ecdsa_p384) continue;
    check_refusal(Category::refused, "is read from a file: of a token's keys only those for ECDSA P-384",
                  [&] { (void)open_token_signing_key(token.uri("both"), kind); });
  }
  check_refusal(Category::device, "has no private key that the URI names",
                [&] { (void)open_token_rsa_key(token.uri("twice")); });
  check_refusal(Category::refused, "is not of RSA", [&] { (void)open_token_rsa_key(token.uri("ec")); });
}

TEST_CASE("an RSA key in a token signs as PKCS #1 v1.5 does") {
  const SoftToken token;
  token.add_rsa("vendor");
  token.add_rsa("mute", CK_FALSE);
  const auto text = bytes_of("what is signed");
  const auto signer = open_token_rsa_key(token.uri("vendor"));
  std::vector<std::byte> signature = signer->sign(text);
  CHECK(signature.size() == 256);
  CHECK(rsa_signature_is_valid(signer->public_key(), text, signature));
  CHECK_FALSE(rsa_signature_is_valid(signer->public_key(), bytes_of("something else"), signature));
  signature[100] ^= std::byte{1};
  CHECK_FALSE(rsa_signature_is_valid(signer->public_key(), text, signature));
  check_refusal(Category::refused, "may not sign (CKA_SIGN)", [&] { (void)open_token_rsa_key(token.uri("mute")); });
}

// SPDX-License-Identifier: Apache-2.0
#include "crypto/signer.h"

#include <sys/stat.h>
#include <unistd.h>

#include <catch2/catch.hpp>
#include <fstream>

#include "core/atomic_file.h"
#include "core/byte_views.h"
#include "core/error.h"
#include "tests/category_of.h"
#include "tests/crypto/pki.h"
#include "tests/scratch.h"

using namespace lightseed;
namespace fs = std::filesystem;

namespace {

struct SignerDesk {
  test::Scratch scratch;
  std::time_t now = std::time(nullptr);

  std::string file(const std::string& name) const { return (scratch.path() / name).string(); }
  Signer signer(const std::string& name) const { return {file(name + ".crt"), file(name + ".key"), now}; }
  Category refusal_of(const std::string& signer_name) const {
    try {
      (void)signer(signer_name);
    } catch (const Error& e) {
      return e.category();
    }
    FAIL(signer_name << " was accepted");
    return Category::usage;
  }
};

}  // namespace

TEST_CASE("only a valid P-384 signing certificate with its own, private key signs") {
  const SignerDesk desk;
  test::make_certificate(desk.scratch.path(), {.name = "good", .usage = "digitalSignature"});
  test::make_certificate(desk.scratch.path(), {.name = "p256", .group = "P-256"});
  test::make_certificate(desk.scratch.path(), {.name = "rsa", .group = ""});
  test::make_certificate(desk.scratch.path(), {.name = "expired", .from_now = -7200, .until_now = -3600});
  test::make_certificate(desk.scratch.path(), {.name = "future", .from_now = 3600});
  test::make_certificate(desk.scratch.path(), {.name = "agreement", .usage = "keyAgreement"});
  test::make_certificate(desk.scratch.path(), {.name = "twin"});
  CHECK_NOTHROW(desk.signer("good"));
  for (const char* const name : {"p256", "rsa", "expired", "future", "agreement"}) {
    CAPTURE(name);
    CHECK(desk.refusal_of(name) == Category::refused);
  }
  CHECK_THROWS_WITH(Signer(desk.file("good.crt"), desk.file("twin.key"), desk.now), Catch::Contains("does not belong"));
  fs::permissions(desk.file("good.key"), fs::perms::group_read, fs::perm_options::add);
  CHECK(desk.refusal_of("good") == Category::device);
  CHECK(desk.refusal_of("missing") == Category::io);
  std::ofstream(desk.file("garbage.crt")) << "garbage";
  CHECK(desk.refusal_of("garbage") == Category::malformed);
}

TEST_CASE("a signer is no authority, and its curve has a name") {
  const SignerDesk desk;
  test::make_certificate(desk.scratch.path(), {.name = "ca", .authority = true});
  test::make_certificate(desk.scratch.path(), {.name = "explicit", .explicit_curve = true});
  test::make_certificate(desk.scratch.path(), {.name = "sha1", .digest = "SHA1"});
  for (const char* const name : {"ca", "explicit", "sha1"}) {
    CAPTURE(name);
    CHECK(desk.refusal_of(name) == Category::refused);
  }
}

TEST_CASE("a signing key is opened by URI") {
  const SignerDesk desk;
  test::make_certificate(desk.scratch.path(), {.name = "a"});
  const std::string crt = desk.file("a.crt"), key = desk.file("a.key");
  CHECK_NOTHROW(Signer(crt, "file:" + key, desk.now));
  CHECK_THROWS_WITH(Signer(crt, "agent:token=x", desk.now), Catch::Contains("known: file:, pkcs11:"));
  CHECK(test::category_of([&] { (void)Signer(crt, "agent:token=x", desk.now); }) == Category::usage);
}

TEST_CASE("what is wrong with a key or certificate file is said in our words") {
  const SignerDesk desk;
  test::make_certificate(desk.scratch.path(), {.name = "a"});
  test::make_certificate(desk.scratch.path(), {.name = "b"});
  const auto words_of = [&](const std::string& crt, const std::string& key) -> std::string {
    try {
      (void)Signer(crt, key, desk.now);
    } catch (const Error& e) {
      return e.what();
    }
    return "accepted";
  };
  const auto write = [&](const char* name, const std::string& text) {
    std::ofstream(desk.file(name)) << text;
    fs::permissions(desk.file(name), fs::perms::owner_read | fs::perms::owner_write);
    return desk.file(name);
  };
  const auto text_of_file = [&](const char* name) { return read_text_file(desk.file(name), 1 << 20); };
  const std::string crt = desk.file("a.crt"), key = desk.file("a.key");
  const std::pair<std::string, const char*> cases[] = {
      {words_of(key, crt), "is a private key, not a certificate"},
      {words_of(crt, crt), "is a certificate, not a private key"},
      {words_of(write("both.crt", text_of_file("b.crt") + text_of_file("a.crt")), key), "holds 2 certificates"},
      {words_of(crt, write("two.key", text_of_file("b.key") + text_of_file("a.key"))), "several private keys"},
      {words_of(crt,
                write("e.key", "-----BEGIN ENCRYPTED PRIVATE KEY-----\nAAAA\n-----END ENCRYPTED PRIVATE KEY-----\n")),
       "is encrypted with a passphrase"},
      {words_of(crt, write("old.key",
                           "-----BEGIN EC PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\nDEK-Info: AES,00\n\n"
                           "AAAA\n-----END EC PRIVATE KEY-----\n")),
       "is encrypted with a passphrase in the way of before PKCS#8"},
      {words_of(write("empty.crt", ""), key), "is empty, not a certificate"},
      {words_of(write("cut.crt", text_of_file("a.crt").substr(0, 200)), key), "cut off or damaged"},
      {words_of(write("bad64.crt", "-----BEGIN CERTIFICATE-----\nA===\n-----END CERTIFICATE-----\n"), key), "base64"},
      {words_of(write("junk.crt", "-----BEGIN CERTIFICATE-----\nMAAA\n-----END CERTIFICATE-----\n"), key),
       "no certificate that can be read"},
      {words_of(write("p12.crt", std::string("\x30\x03\x02\x01\x03", 5)), key), "PKCS#12"},
      {words_of(write("csr.crt", "-----BEGIN CERTIFICATE REQUEST-----\nMAAA\n-----END CERTIFICATE REQUEST-----\n"),
                key),
       "certificate request"},
      {words_of(write("text.crt", "hello"), key), "neither PEM nor DER"},
      {words_of(desk.scratch.path().string(), key), "is a directory"},
      {words_of("/dev/null", key), "a pipe or a device"},
      {words_of(crt, "/dev/null"), "no regular file"},
  };
  for (const auto& [words, wanted] : cases)
    CHECK_THAT(words, Catch::Contains(wanted));
}

TEST_CASE("a FIFO in a certificate's or key's place is refused, not waited for") {
  const SignerDesk desk;
  test::make_certificate(desk.scratch.path(), {.name = "a"});
  const std::string fifo = desk.file("fifo");
  REQUIRE(mkfifo(fifo.c_str(), 0600) == 0);
  CHECK(test::category_of([&] { (void)X509Certificate::read(fifo); }) == Category::io);
  CHECK(test::category_of([&] { (void)Signer(desk.file("a.crt"), fifo, desk.now); }) == Category::io);
}

TEST_CASE("a key that somebody else could exchange is refused") {
  const SignerDesk desk;
  test::make_certificate(desk.scratch.path(), {.name = "a"});
  fs::create_directory(desk.file("open"));
  fs::copy(desk.file("a.key"), desk.file("open/a.key"));
  fs::permissions(desk.file("open"), fs::perms::others_write, fs::perm_options::add);
  CHECK(test::category_of([&] { (void)Signer(desk.file("a.crt"), desk.file("open/a.key"), desk.now); }) ==
        Category::device);
  if (geteuid() != 0) return;
  REQUIRE(chown(desk.file("a.key").c_str(), 12345, 12345) == 0);
  CHECK_THROWS_WITH(desk.signer("a"), Catch::Contains("belongs to user 12345"));
}

TEST_CASE("every signature has the lower s, and the higher one is known") {
  const SignerDesk desk;
  test::make_certificate(desk.scratch.path(), {.name = "a"});
  const Signer signer = desk.signer("a");
  const auto key = open_signing_key(desk.file("a.key"));
  int high = 0;
  for (int i = 0; i < 40; ++i) {
    const std::string text = "message " + std::to_string(i);
    CHECK(has_low_s(signer.sign(bytes_of(text))));
    CHECK(signature_is_valid(signer.certificate(), bytes_of(text), signer.sign(bytes_of(text))));
    // As the library makes it: half of them are high, and those are refused unless allowed.
    const auto raw = key->sign(bytes_of(text));
    CHECK(signature_is_valid(signer.certificate(), bytes_of(text), raw, Malleability::allow));
    CHECK(signature_is_valid(signer.certificate(), bytes_of(text), raw) == has_low_s(raw));
    CHECK(signature_is_valid(signer.certificate(), bytes_of(text), with_low_s(raw)));
    if (!has_low_s(raw)) ++high;
  }
  CHECK(high > 0);  // all low has a chance of 2^-40
}

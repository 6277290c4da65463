// SPDX-License-Identifier: Apache-2.0
#include "crypto/recipient.h"

#include <catch2/catch.hpp>
#include <fstream>

#include "core/error.h"
#include "crypto/public_key.h"
#include "tests/category_of.h"
#include "tests/crypto/pki.h"
#include "tests/scratch.h"

using namespace lightseed;
namespace fs = std::filesystem;

namespace {

struct RecipientDesk {
  test::Scratch scratch;
  std::time_t now = std::time(nullptr);

  std::string file(const std::string& name) const { return (scratch.path() / name).string(); }
  void make(const test::CertificateWish& wish) const { test::make_certificate(scratch.path(), wish); }
  Recipient read(const std::string& name) const { return Recipient::read(file(name + ".crt"), now); }
  std::string kek(const std::string& name, const std::string& digits, const std::string& id = "k1") const {
    std::ofstream(file(name)) << digits;
    fs::permissions(file(name), fs::perms::owner_read | fs::perms::owner_write);
    return "kek:" + id + ":" + file(name);
  }
};

constexpr const char* good_kek = "8f14e45fceea167a5a36dedd4bea2543c9f0f895fb98ab9159f51fd0297e236d";

}  // namespace

TEST_CASE("recipients on named curves of 256 bits and more are accepted, with the key said") {
  const RecipientDesk desk;
  const std::pair<const char*, const char*> curves[] = {{"P-256", "P-256"},
                                                        {"P-384", "P-384"},
                                                        {"P-521", "P-521"},
                                                        {"brainpoolP256r1", "brainpoolP256r1"},
                                                        {"brainpoolP384r1", "brainpoolP384r1"},
                                                        {"brainpoolP512r1", "brainpoolP512r1"},
                                                        {"brainpoolP256t1", "brainpoolP256t1"}};
  for (const auto& [group, name] : curves) {
    CAPTURE(group);
    desk.make({.name = "ec", .group = group, .usage = "keyAgreement"});
    const Recipient recipient = desk.read("ec");
    CHECK(recipient.record().public_key == name);
    CHECK(recipient.record().kind == RecipientRecord::Kind::ec_certificate);
    CHECK(recipient.notices().empty());
    CHECK(is_allowed_key(name));
  }
}

TEST_CASE("short, unnamed and foreign curves are refused before anything is encrypted") {
  const RecipientDesk desk;
  for (const char* const group : {"secp112r1", "secp128r1", "secp160k1", "P-192", "secp224r1", "secp256k1", "sect163k1",
                                  "sect283r1", "brainpoolP192r1"}) {
    CAPTURE(group);
    desk.make({.name = "weak", .group = group});
    CHECK(test::category_of([&] { (void)desk.read("weak"); }) == Category::refused);
    CHECK(!is_allowed_key(group));
  }
  desk.make({.name = "explicit", .group = "P-256", .explicit_curve = true});
  CHECK_THROWS_WITH(desk.read("explicit"), Catch::Contains("explicit parameters"));
}

TEST_CASE("RSA: from 3072 bits as it is, from 2048 with a word, less or with a silly exponent never") {
  const RecipientDesk desk;
  desk.make({.name = "good", .group = "", .usage = "keyEncipherment", .rsa_bits = 3072});
  CHECK(desk.read("good").notices().empty());
  CHECK(desk.read("good").record().public_key == "RSA-3072");
  desk.make({.name = "old", .group = "", .usage = "keyEncipherment"});
  REQUIRE(desk.read("old").notices().size() == 1);
  CHECK_THAT(desk.read("old").notices()[0], Catch::Contains("2048 bits"));
  desk.make({.name = "short", .group = "", .rsa_bits = 1536});
  CHECK(test::category_of([&] { (void)desk.read("short"); }) == Category::refused);
  for (const unsigned long exponent : {1UL, 3UL, 17UL, 65535UL, 65536UL}) {
    CAPTURE(exponent);
    desk.make({.name = "e", .group = "", .rsa_exponent = exponent, .same_key_as = "old"});
    CHECK_THROWS_WITH(desk.read("e"), Catch::Contains("exponent"));
  }
  for (const char* const name : {"RSA-1024", "RSA-", "RSA-03072", "RSA-99999999", "RSA-3072x", "P-192", ""}) {
    CAPTURE(name);
    CHECK(!is_allowed_key(name));
  }
}

TEST_CASE("a certificate for something else, of an authority, or signed so that it can be forged is refused") {
  const RecipientDesk desk;
  desk.make({.name = "signing", .usage = "digitalSignature"});
  desk.make({.name = "transport", .group = "", .usage = "keyAgreement"});
  desk.make({.name = "expired", .until_now = -60});
  desk.make({.name = "future", .from_now = 3600});
  desk.make({.name = "ca", .authority = true});
  desk.make({.name = "sha1", .digest = "SHA1"});
  desk.make({.name = "md5", .group = "", .digest = "MD5"});
  const std::pair<const char*, const char*> cases[] = {{"signing", "key usage"},      {"transport", "key usage"},
                                                       {"expired", "expired"},        {"future", "not valid before"},
                                                       {"ca", "authority"},           {"sha1", "which can be forged"},
                                                       {"md5", "which can be forged"}};
  for (const auto& [name, words] : cases) {
    CAPTURE(name);
    CHECK_THROWS_WITH(desk.read(name), Catch::Contains(words));
    CHECK(test::category_of([&, file = name] { (void)desk.read(file); }) == Category::refused);
  }
}

TEST_CASE("without a subject key identifier, issuer and serial number name the certificate") {
  const RecipientDesk desk;
  desk.make({.name = "plain", .key_identifier = false});
  const RecipientRecord record = desk.read("plain").record();
  CHECK(record.identified_by == RecipientRecord::Identifier::issuer_and_serial_number);
  CHECK(record.identifier.size() > 20);
}

TEST_CASE("the two sides have different keys, whatever their certificates are called") {
  const RecipientDesk desk;
  desk.make({.name = "a"});
  desk.make({.name = "b"});
  desk.make({.name = "twin", .same_key_as = "a"});
  CHECK_NOTHROW(require_different(desk.read("a"), desk.read("b")));
  CHECK_THROWS_WITH(require_different(desk.read("a"), desk.read("a")), Catch::Contains("same public key"));
  CHECK_THROWS_WITH(require_different(desk.read("a"), desk.read("twin")), Catch::Contains("same public key"));
  const std::string other_digits(std::string(good_kek).substr(2) + "01");
  const Recipient one = Recipient::read(desk.kek("k1", good_kek), desk.now);
  const Recipient renamed = Recipient::read(desk.kek("k2", good_kek, "k2"), desk.now);
  const Recipient alike = Recipient::read(desk.kek("k3", other_digits), desk.now);
  const Recipient other = Recipient::read(desk.kek("k4", other_digits, "k4"), desk.now);
  CHECK_THROWS_AS(require_different(one, renamed), Error);
  CHECK_THROWS_AS(require_different(one, alike), Error);
  CHECK_NOTHROW(require_different(one, other));
  CHECK_NOTHROW(require_different(one, desk.read("a")));
}

TEST_CASE("a key-encryption key that follows a pattern is refused") {
  const RecipientDesk desk;
  std::string up, down;
  for (int i = 0; i < 32; ++i) {
    const char digits[] = {"0123456789abcdef"[i / 16], "0123456789abcdef"[i % 16], '\0'};
    up += digits;
    down.insert(0, digits);
  }
  for (const std::string& digits :
       {std::string(64, '0'), std::string(64, 'f'), up, down, std::string(good_kek, 32) + std::string(good_kek, 32),
        std::string("0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef")}) {
    CAPTURE(digits);
    CHECK(test::category_of([&] { (void)Recipient::read(desk.kek("kek", digits), desk.now); }) == Category::refused);
  }
  CHECK_NOTHROW(Recipient::read(desk.kek("kek", good_kek), desk.now));
  for (const std::string& digits : {std::string("abcd"), std::string(64, 'g'), std::string(good_kek) + "00"}) {
    CHECK_THROWS_WITH(Recipient::read(desk.kek("kek", digits), desk.now), Catch::Contains("64 hexadecimal"));
  }
  // A key of SM4: what libcrypto's CMS cannot do is said, not that it is malformed.
  CHECK_THROWS_WITH(Recipient::read(desk.kek("kek", "0123456789abcdeffedcba9876543210"), desk.now),
                    Catch::Contains("no key wrap with SM4"));
  for (const char* const bad : {"kek:", "kek:id", "kek::file", "kek:id:", "kek:a b:file", "kek:\xff:file"}) {
    CHECK(test::category_of([&] { (void)Recipient::read(bad, desk.now); }) == Category::usage);
  }
}

TEST_CASE("a recipient's record is read back as it was written, in both editions") {
  const RecipientDesk desk;
  desk.make({.name = "ec"});
  desk.make({.name = "rsa", .group = ""});
  const std::string kek = desk.kek("kek", good_kek);
  for (const Recipient& recipient : {desk.read("ec"), desk.read("rsa"), Recipient::read(kek, desk.now)}) {
    const RecipientRecord record = recipient.record();
    const Json now = to_json(record), then = recipient.describe();
    CHECK(recipient_record_from(ObjectReader(now, "r")) == record);
    CHECK(recipient_record_from(ObjectReader(then, "r")) == in_edition_1(record));
    Json more = to_json(record);
    more["extra"] = 1;
    CHECK_THROWS_WITH(recipient_record_from(ObjectReader(more, "r")), Catch::Contains("r.extra"));
    Json wrong = to_json(record);
    wrong["algorithm"] = "ROT13";
    CHECK_THROWS_WITH(recipient_record_from(ObjectReader(wrong, "r")), Catch::Contains("r.algorithm"));
  }
}

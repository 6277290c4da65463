// SPDX-License-Identifier: Apache-2.0
#include "crypto/cms.h"

#include <openssl/cms.h>
#include <openssl/pem.h>

#include <algorithm>
#include <catch2/catch.hpp>
#include <ctime>
#include <fstream>
#include <random>

#include "core/byte_views.h"
#include "core/error.h"
#include "core/hex.h"
#include "crypto/cms_parts.h"
#include "crypto/cms_shell.h"
#include "crypto/handles.h"
#include "tests/category_of.h"
#include "tests/crypto/pki.h"
#include "tests/scratch.h"

using namespace lightseed;

namespace {

/// A signer and one recipient of each kind.
struct Parties {
  Parties() {
    test::make_certificate(scratch.path(), {.name = "signer"});
    test::make_certificate(scratch.path(), {.name = "other"});
    test::make_certificate(scratch.path(), {.name = "ec", .group = "P-256"});
    test::make_certificate(scratch.path(), {.name = "rsa", .group = ""});
    std::ofstream(scratch / "kek") << std::string(62, 'a') + "07\n";
    std::ofstream(scratch / "wrong-kek") << std::string(62, 'b') + "07";
    for (const char* const file : {"kek", "wrong-kek"}) {
      std::filesystem::permissions(scratch / file,
                                   std::filesystem::perms::owner_read | std::filesystem::perms::owner_write);
    }
  }
  [[nodiscard]] std::string file(const std::string& name) const { return (scratch.path() / name).string(); }
  [[nodiscard]] Signer signer(const char* name = "signer") const {
    return {file(name + std::string(".crt")), file(name + std::string(".key")), now};
  }

  test::Scratch scratch;
  std::time_t now = std::time(nullptr);
};

std::vector<std::byte> noise(std::size_t size) {
  std::vector<std::byte> bytes(size);
  std::mt19937 random(static_cast<unsigned>(size));
  std::generate(bytes.begin(), bytes.end(), [&] { return static_cast<std::byte>(random()); });
  return bytes;
}

std::vector<std::byte> enveloped(const SignedPackage& signed_package, const Recipient& recipient) {
  std::vector<std::byte> der;
  envelop(signed_package, recipient,
          [&](std::span<const std::byte> piece) { der.insert(der.end(), piece.begin(), piece.end()); });
  return der;
}

/// A key file as edition 1 wrote it: id-signedData outside, which RFC 5083 2.1 forbids without attributes. The type is
/// not authenticated, so changing it is all it takes.
std::vector<std::byte> in_edition_1(std::vector<std::byte> der) {
  const std::string data = der_object_identifier(cms::oid_data), other = der_object_identifier(cms::oid_signed_data);
  const auto wanted = bytes_of(data);
  const auto at = std::search(der.begin(), der.end(), wanted.begin(), wanted.end());
  REQUIRE(at != der.end());
  std::copy_n(bytes_of(other).begin(), other.size(), at);
  return der;
}

}  // namespace

TEST_CASE("what is signed and enveloped opens again, for every kind of recipient and many sizes") {
  const Parties parties;
  const std::pair<std::string, std::string> recipients[] = {
      {parties.file("ec.crt"), parties.file("ec.key")},
      {parties.file("rsa.crt"), parties.file("rsa.key")},
      {"kek:k1:" + parties.file("kek"), "kek:k1:" + parties.file("kek")}};
  const Signer signer = parties.signer();
  for (const std::size_t size : {1U, 100U, 127U, 128U, 255U, 256U, 65'535U, 65'536U, 200'000U}) {
    const auto package = noise(size);
    const SignedPackage signed_package = sign_package(package, signer);
    for (const auto& [recipient, key] : recipients) {
      CAPTURE(size, recipient);
      const auto der = enveloped(signed_package, Recipient::read(recipient, parties.now));
      const SecretBytes opened = RecipientKey::read(key).open(der);
      const auto inside = verify_package(opened.bytes(), signer.certificate());
      CHECK(std::equal(inside.begin(), inside.end(), package.begin(), package.end()));
    }
  }
}

TEST_CASE("a flipped byte anywhere, or a missing one, opens nothing") {
  const Parties parties;
  const auto package = noise(300);
  const Recipient recipient = Recipient::read(parties.file("ec.crt"), parties.now);
  const RecipientKey key = RecipientKey::read(parties.file("ec.key"));
  const Signer signer = parties.signer();
  const auto der = enveloped(sign_package(package, signer), recipient);
  for (std::size_t at = 0; at < der.size(); ++at) {
    auto changed = der;
    changed[at] ^= std::byte{0x10};
    try {
      // Not every byte is authenticated by GCM (a key identifier is only a hint), but the content must be the same.
      const SecretBytes opened = key.open(changed);
      const auto inside = verify_package(opened.bytes(), signer.certificate());
      CHECK(std::equal(inside.begin(), inside.end(), package.begin(), package.end()));
    } catch (const Error& e) {
      CHECK(e.category() == Category::verdict);
    }
  }
  for (const std::size_t size : {std::size_t{0}, std::size_t{1}, der.size() / 2, der.size() - 1}) {
    CHECK_THROWS_AS(key.open(std::span(der).first(size)), Error);
  }
}

TEST_CASE("the wrong key and the wrong signer are found") {
  const Parties parties;
  const auto package = noise(1000);
  const Signer signer = parties.signer();
  const SignedPackage signed_package = sign_package(package, signer);
  const auto for_ec = enveloped(signed_package, Recipient::read(parties.file("ec.crt"), parties.now));
  const auto for_kek = enveloped(signed_package, Recipient::read("kek:k1:" + parties.file("kek"), parties.now));
  for (const std::string& key : {parties.file("other.key"), parties.file("rsa.key"), "kek:k1:" + parties.file("kek")}) {
    CHECK_THROWS_AS(RecipientKey::read(key).open(for_ec), Error);
  }
  CHECK_THROWS_AS(RecipientKey::read("kek:k1:" + parties.file("wrong-kek")).open(for_kek), Error);
  CHECK_THROWS_AS(RecipientKey::read("kek:k2:" + parties.file("kek")).open(for_kek), Error);
  const SecretBytes opened = RecipientKey::read(parties.file("ec.key")).open(for_ec);
  CHECK_THROWS_WITH(verify_package(opened.bytes(), parties.signer("other").certificate()),
                    Catch::Contains("not signed by"));
  CHECK_THROWS_AS(verify_package(package, signer.certificate()), Error);
}

TEST_CASE("two envelopes of one package share no content key") {
  const Parties parties;
  const auto package = noise(500);
  const SignedPackage signed_package = sign_package(package, parties.signer());
  const Recipient recipient = Recipient::read(parties.file("ec.crt"), parties.now);
  CHECK(enveloped(signed_package, recipient) != enveloped(signed_package, recipient));
}

TEST_CASE("the content's type is id-data, and files of edition 1 open all the same") {
  const Parties parties;
  const auto package = noise(1000);
  const Signer signer = parties.signer();
  const Recipient recipient = Recipient::read(parties.file("ec.crt"), parties.now);
  const auto today = enveloped(sign_package(package, signer), recipient);
  CHECK(read_envelope_shell(today).content == EnvelopeShell::Content::data);
  const auto old = in_edition_1(today);
  CHECK(read_envelope_shell(old).content == EnvelopeShell::Content::signed_data);
  const SecretBytes opened = RecipientKey::read(parties.file("ec.key")).open(old);
  CHECK(verify_package(opened.bytes(), signer.certificate()).size() == package.size());
}

TEST_CASE("the shell says, without a key, how and for whom a file is encrypted") {
  const Parties parties;
  test::make_certificate(parties.scratch.path(), {.name = "plain", .group = "P-521", .key_identifier = false});
  const auto package = noise(1000);
  const SignedPackage signed_package = sign_package(package, parties.signer());
  const std::string texts[] = {parties.file("ec.crt"), parties.file("rsa.crt"), parties.file("plain.crt"),
                               "kek:k1:" + parties.file("kek")};
  std::vector<Recipient> recipients;
  for (const std::string& text : texts)
    recipients.push_back(Recipient::read(text, parties.now));
  for (std::size_t i = 0; i < recipients.size(); ++i) {
    const EnvelopeShell shell = read_envelope_shell(enveloped(signed_package, recipients[i]));
    CHECK(shell.ciphertext_bytes == signed_package.head.size() + package.size() + signed_package.tail.size());
    for (std::size_t j = 0; j < recipients.size(); ++j) {
      CAPTURE(i, j);
      const RecipientRecord record = recipients[j].record();
      CHECK(faults_of_recipient(record, shell).empty() == (i == j));
      CHECK(faults_of_recipient(in_edition_1(record), shell).empty() == (record.kind == recipients[i].record().kind));
    }
  }
  RecipientRecord weak = recipients[0].record();
  weak.public_key = "secp112r1";
  CHECK(!faults_of_recipient(weak, read_envelope_shell(enveloped(signed_package, recipients[0]))).empty());
  RecipientRecord larger = recipients[1].record();
  larger.public_key = "RSA-3072";
  CHECK(!faults_of_recipient(larger, read_envelope_shell(enveloped(signed_package, recipients[1]))).empty());
}

TEST_CASE("a shell of any other shape is refused: truncated, plain, with another cipher or more recipients") {
  const Parties parties;
  const auto der = enveloped(sign_package(noise(50), parties.signer()),
                             Recipient::read("kek:k1:" + parties.file("kek"), parties.now));
  const auto refused = [](std::span<const std::byte> bytes) {
    return test::category_of([&] { (void)read_envelope_shell(bytes); }) == Category::verdict;
  };
  for (std::size_t size = 0; size < der.size(); ++size)
    CHECK(refused(std::span(der).first(size)));
  auto longer = der;
  longer.push_back(std::byte{0});
  CHECK(refused(longer));
  CHECK(refused(noise(500)));
  const EnvelopeParts parts = envelope_parts(der, "it");
  const auto rebuilt = [&](const Der& recipients, const Der& content, const Der& tag) {
    const Der fields =
        der_integer(0) + der_element(true, V_ASN1_SET, recipients) +
        der_element(true, V_ASN1_SEQUENCE,
                    content + der_element(false, 0, text_of(parts.ciphertext), V_ASN1_CONTEXT_SPECIFIC)) +
        der_element(false, V_ASN1_OCTET_STRING, tag);
    return der_element(true, V_ASN1_SEQUENCE,
                       der_object_identifier(cms::oid_auth_enveloped_data) +
                           der_element(true, 0, der_element(true, V_ASN1_SEQUENCE, fields), V_ASN1_CONTEXT_SPECIFIC));
  };
  const Der recipient(text_of(parts.recipients)), content(text_of(parts.content_type_and_algorithm));
  const Der tag(text_of(parts.tag));
  CHECK(!rebuilt(recipient, content, tag).empty());
  CHECK(rebuilt(recipient, content, tag) == text_of(der));
  CHECK(refused(bytes_of(rebuilt(recipient + recipient, content, tag))));
  CHECK(refused(bytes_of(rebuilt("", content, tag))));
  CHECK(refused(bytes_of(rebuilt(recipient, content, tag.substr(0, 12)))));
  Der cbc = content;
  // aes256-GCM is …1.46, aes256-CBC …1.42: the last byte of the identifier.
  const auto at = cbc.find(der_object_identifier("2.16.840.1.101.3.4.1.46"));
  REQUIRE(at != Der::npos);
  cbc[at + 10] = 42;
  CHECK(refused(bytes_of(rebuilt(recipient, cbc, tag))));
}

TEST_CASE("a SignedData in DER by OpenSSL, as edition 1 had them, verifies too") {
  const Parties parties;
  const auto package = noise(300);
  const Signer signer = parties.signer();
  const openssl::Handle<BIO> key_file(BIO_new_file(parties.file("signer.key").c_str(), "r"));
  const openssl::Handle<EVP_PKEY> key(PEM_read_bio_PrivateKey(key_file.get(), nullptr, nullptr, nullptr));
  const openssl::Handle<BIO> data(BIO_new_mem_buf(package.data(), static_cast<int>(package.size())));
  constexpr unsigned flags = CMS_BINARY | CMS_PARTIAL | CMS_NOSMIMECAP;
  const openssl::Handle<CMS_ContentInfo> message(CMS_sign(nullptr, nullptr, nullptr, nullptr, flags));
  const openssl::Handle<ASN1_OBJECT> type(OBJ_txt2obj(cms::oid_key_package, 1));
  CMS_set1_eContentType(message.get(), type.get());
  CMS_add1_signer(message.get(), signer.certificate().get(), key.get(), EVP_sha384(),
                  CMS_USE_KEYID | CMS_CADES | CMS_NOSMIMECAP);
  REQUIRE(CMS_final(message.get(), data.get(), nullptr, flags) == 1);
  unsigned char* der = nullptr;
  const int size = i2d_CMS_ContentInfo(message.get(), &der);
  const openssl::Handle<unsigned char> owner(der);
  const auto bytes = std::as_bytes(std::span(der, static_cast<std::size_t>(size)));
  const auto inside = verify_package(bytes, signer.certificate());
  CHECK(std::equal(inside.begin(), inside.end(), package.begin(), package.end()));
}

TEST_CASE("no byte of a SignedData can change but the certificate that nobody looks at") {
  const Parties parties;
  const auto package = noise(200);
  const Signer signer = parties.signer();
  const SignedPackage signed_package = sign_package(package, signer);
  std::string whole = signed_package.head;
  whole += text_of(package);
  whole += signed_package.tail;
  const std::string certificate = signer.certificate().der();
  const std::size_t from = whole.find(certificate);
  REQUIRE(from != std::string::npos);
  CHECK(verify_package(bytes_of(whole), signer.certificate()).size() == package.size());
  for (std::size_t at = 0; at < whole.size(); ++at) {
    if (at >= from && at < from + certificate.size()) continue;
    std::string changed = whole;
    changed[at] = static_cast<char>(changed[at] ^ 0x04);
    try {
      // The signer's name is a hint: whose signature it is, the signature says.
      const auto inside = verify_package(bytes_of(changed), signer.certificate());
      CHECK(std::equal(inside.begin(), inside.end(), package.begin(), package.end()));
    } catch (const Error& e) {
      CHECK(e.category() == Category::verdict);
    }
  }
}

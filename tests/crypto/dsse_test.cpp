// SPDX-License-Identifier: Apache-2.0
#include "crypto/dsse.h"

#include <openssl/bn.h>
#include <openssl/ecdsa.h>

#include <catch2/catch.hpp>

#include "core/byte_views.h"
#include "core/error.h"
#include "core/json.h"
#include "crypto/base64.h"
#include "crypto/handles.h"
#include "tests/category_of.h"
#include "tests/crypto/pki.h"
#include "tests/scratch.h"

using namespace lightseed;

namespace {

struct Desk {
  test::Scratch scratch;
  std::time_t now = std::time(nullptr);

  std::string file(const std::string& name) const { return (scratch.path() / name).string(); }
  void make(const test::CertificateWish& wish) const { test::make_certificate(scratch.path(), wish); }
  Signer signer(const std::string& name) const { return {file(name + ".crt"), file(name + ".key"), now}; }
  TrustAnchor trust(const std::string& name) const { return TrustAnchor::read(file(name + ".crt")); }
};

/// The other signature that verifies: (r, n - s).
std::vector<std::byte> flipped(std::span<const std::byte> signature) {
  const unsigned char* in = octets(signature.data());
  const openssl::Handle<ECDSA_SIG> given(d2i_ECDSA_SIG(nullptr, &in, static_cast<long>(signature.size())));
  BIGNUM* n = nullptr;
  BN_hex2bn(&n, "FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFC7634D81F4372DDF581A0DB248B0A77AECEC196ACCC52973");
  BIGNUM* const s = BN_new();
  BN_sub(s, n, ECDSA_SIG_get0_s(given.get()));
  BN_free(n);
  const openssl::Handle<ECDSA_SIG> other(ECDSA_SIG_new());
  ECDSA_SIG_set0(other.get(), BN_dup(ECDSA_SIG_get0_r(given.get())), s);
  unsigned char* der = nullptr;
  const int size = i2d_ECDSA_SIG(other.get(), &der);
  const openssl::Handle<unsigned char> owner(der);
  const auto bytes = std::as_bytes(std::span(der, static_cast<std::size_t>(size)));
  return {bytes.begin(), bytes.end()};
}

/// The envelope as a batch of edition 1 has it: without the signer's certificate.
std::string in_edition_1(const std::string& envelope) {
  Json json = Json::parse(envelope);
  json["signatures"][0].erase("cert");
  return json.dump(1) + "\n";
}

std::string with_flipped_s(const std::string& envelope) {
  Json json = Json::parse(envelope);
  const auto signature = from_base64(json["signatures"][0]["sig"].get<std::string>());
  json["signatures"][0]["sig"] = base64(flipped(bytes_of(*signature)));
  return json.dump(1) + "\n";
}

}  // namespace

TEST_CASE("a DSSE envelope: its encoding, and that no byte of it can change") {
  CHECK(pre_authentication_encoding("http://example.com/HelloWorld", "hello world") ==
        "DSSEv1 29 http://example.com/HelloWorld 11 hello world");
  const Desk desk;
  desk.make({.name = "a"});
  desk.make({.name = "b"});
  const Signer a = desk.signer("a");
  const std::string envelope = seal("text/x", "{\"x\":1}", a);
  CHECK(Json::parse(envelope).dump(1) + "\n" == envelope);
  CHECK(unseal("text/x", envelope, a.certificate()) == "{\"x\":1}");
  CHECK(unseal("text/x", envelope, desk.trust("a")).canonical);
  CHECK_THROWS_AS(unseal("text/y", envelope, a.certificate()), Error);
  CHECK_THROWS_AS(unseal("text/x", envelope, desk.signer("b").certificate()), Error);
  CHECK_THROWS_AS(unseal("text/x", envelope + "\n", a.certificate()), Error);
  CHECK_THROWS_AS(unseal("text/x", envelope.substr(1), a.certificate()), Error);
  for (std::size_t at = 0; at < envelope.size(); ++at) {
    std::string changed = envelope;
    changed[at] = static_cast<char>(changed[at] ^ (at % 3 == 0 ? 1 : at % 3 == 1 ? 2 : 0x20));
    CAPTURE(at);
    CHECK(test::category_of([&] { (void)unseal("text/x", changed, a.certificate()); }) == Category::verdict);
  }
}

TEST_CASE("the second signature that everybody can make of one is refused") {
  const Desk desk;
  desk.make({.name = "a"});
  const Signer a = desk.signer("a");
  const std::string envelope = seal("text/x", "{}", a);
  CHECK_THROWS_WITH(unseal("text/x", with_flipped_s(envelope), desk.trust("a")), Catch::Contains("not by"));
  CHECK_THROWS_AS(unseal("text/x", with_flipped_s(envelope), a.certificate()), Error);
  const UnsealOptions allow{.malleability = Malleability::allow};
  CHECK(!unseal("text/x", with_flipped_s(envelope), desk.trust("a"), allow).canonical);
}

TEST_CASE("an envelope of edition 1 opens, with either s, and says that it is not of today") {
  const Desk desk;
  desk.make({.name = "a"});
  const Signer a = desk.signer("a");
  const std::string old = in_edition_1(seal("text/x", "{}", a));
  CHECK(unseal("text/x", old, a.certificate()) == "{}");
  CHECK(unseal("text/x", with_flipped_s(old), a.certificate()) == "{}");
  CHECK(!unseal("text/x", old, desk.trust("a")).canonical);
}

TEST_CASE("an envelope's size is looked at before anything else") {
  const Desk desk;
  desk.make({.name = "a"});
  const std::string huge(std::size_t{1} << 21, '[');
  CHECK_THROWS_WITH(unseal("text/x", huge, desk.trust("a")), Catch::Contains("2097152 bytes"));
  const Signer a = desk.signer("a");
  const std::string large = seal("text/x", std::string(1 << 20, 'x'), a);
  CHECK_THROWS_AS(unseal("text/x", large, desk.trust("a")), Error);
  CHECK(unseal("text/x", large, desk.trust("a"), {.most_bytes = 1 << 22}).body.size() == 1 << 20);
}

TEST_CASE("trust in an authority: the signer's certificate comes with the envelope") {
  const Desk desk;
  desk.make({.name = "ca", .usage = "keyCertSign", .authority = true});
  desk.make({.name = "stranger", .usage = "keyCertSign", .authority = true});
  desk.make({.name = "signer", .usage = "digitalSignature", .issuer = "ca"});
  const Signer signer = desk.signer("signer");
  const std::string envelope = seal("text/x", "{}", signer);
  const Unsealed unsealed = unseal("text/x", envelope, desk.trust("ca"));
  CHECK(unsealed.body == "{}");
  CHECK(unsealed.signer.fingerprint() == signer.certificate().fingerprint());
  CHECK_NOTHROW(desk.trust("ca").judge(unsealed.signer, desk.now));
  CHECK_THROWS_WITH(unseal("text/x", envelope, desk.trust("stranger")), Catch::Contains("was not issued by"));
  CHECK_THROWS_WITH(unseal("text/x", in_edition_1(envelope), desk.trust("ca")),
                    Catch::Contains("without the certificate"));
}

TEST_CASE("the signer is judged at the time of issue") {
  const Desk desk;
  constexpr std::time_t day = 86'400;
  desk.make({.name = "ca", .usage = "keyCertSign", .from_now = -10 * day, .until_now = -2 * day, .authority = true});
  desk.make(
      {.name = "signer", .usage = "digitalSignature", .from_now = -9 * day, .until_now = -1 * day, .issuer = "ca"});
  desk.make({.name = "agreement", .usage = "keyAgreement"});
  desk.make({.name = "p256", .group = "P-256"});
  desk.make({.name = "other"});
  const auto judged = [&](const char* anchor, const char* signer, std::time_t moment) {
    desk.trust(anchor).judge(X509Certificate::read(desk.file(std::string(signer) + ".crt")), moment);
  };
  CHECK_NOTHROW(judged("signer", "signer", desk.now - 5 * day));
  CHECK_NOTHROW(judged("ca", "signer", desk.now - 5 * day));
  CHECK_THROWS_WITH(judged("signer", "signer", desk.now), Catch::Contains("expired"));
  CHECK_THROWS_WITH(judged("signer", "signer", desk.now - 20 * day), Catch::Contains("not valid before"));
  // The signer's certificate outlived its authority's.
  CHECK_THROWS_WITH(judged("ca", "signer", desk.now - 3 * day / 2), Catch::Contains("expired"));
  CHECK_THROWS_WITH(judged("agreement", "agreement", desk.now), Catch::Contains("key usage"));
  CHECK_THROWS_WITH(judged("ca", "ca", desk.now - 5 * day), Catch::Contains("authority"));
  CHECK_THROWS_WITH(judged("p256", "p256", desk.now), Catch::Contains("P-384"));
  CHECK_THROWS_WITH(judged("agreement", "other", desk.now), Catch::Contains("not the certificate that is trusted"));
}

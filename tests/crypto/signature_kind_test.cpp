// SPDX-License-Identifier: Apache-2.0
// Every kind of signature that a certificate may carry: keys, signatures and certificates of each, and what is taken
// for none. Kinds that the libcrypto at hand does not offer are tested for saying so.
#include "crypto/signature_kind.h"

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/ecdsa.h>
#include <openssl/evp.h>
#include <openssl/x509.h>

#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>
#include <set>
#include <string>

#include "core/atomic_file.h"
#include "core/byte_views.h"
#include "core/error.h"
#include "core/hex.h"
#include "crypto/ecdsa.h"
#include "crypto/one_shot_signature.h"
#include "crypto/recipient.h"
#include "crypto/signer.h"
#include "crypto/trial_certificate.h"
#include "crypto/trust.h"
#include "tests/category_of.h"
#include "tests/crypto/pki.h"
#include "tests/crypto/signed_elsewhere.h"
#include "tests/scratch.h"

using namespace lightseed;

namespace {

/// What tests/crypto/pki.h calls a kind's keys.
std::string group_of(SignatureKind kind) {
  switch (kind) {
    case SignatureKind::ecdsa_p384: return "P-384";
    case SignatureKind::ecdsa_p521: return "P-521";
    case SignatureKind::sm2: return "SM2";
    case SignatureKind::ed25519: return "ED25519";
    case SignatureKind::ed448: return "ED448";
    case SignatureKind::ml_dsa_65: return "ML-DSA-65";
    case SignatureKind::ml_dsa_87: return "ML-DSA-87";
  }
  return {};
}

std::vector<SignatureKind> further_kinds_here() {
  std::vector<SignatureKind> kinds;
  for (const SignatureKind kind : signature_kinds())
    if (kind != SignatureKind::ecdsa_p384 && is_available(kind)) kinds.push_back(kind);
  return kinds;
}

struct KindDesk {
  test::Scratch scratch;
  std::time_t now = std::time(nullptr);

  void make(test::CertificateWish wish) const {
    if (wish.usage.empty()) wish.usage = wish.authority ? "keyCertSign" : "digitalSignature";
    test::make_certificate(scratch.path(), wish);
  }
  [[nodiscard]] std::string file(const std::string& name) const { return (scratch.path() / name).string(); }
  [[nodiscard]] FurtherSigner signer(const std::string& certificate, const std::string& key) const {
    return {file(certificate + ".crt"), file(key + ".key"), now};
  }
  [[nodiscard]] X509Certificate certificate(const std::string& name) const {
    return X509Certificate::read(file(name + ".crt"));
  }
  /// What is wrong with a further signer under this anchor now; empty when nothing is.
  [[nodiscard]] std::string judged(const std::string& anchor, const std::string& signer, SignatureKind kind) const {
    try {
      const TrustAnchor trust = TrustAnchor::read(file(anchor + ".crt"));
      (void)trust.signer(certificate(signer));
      trust.judge(certificate(signer), now, kind);
      return {};
    } catch (const Error& e) {
      return e.what();
    }
  }
};

/// (r, n - s): the signature that everybody can make of one of ECDSA.
std::vector<std::byte> with_order_minus_s(EVP_PKEY* key, std::span<const std::byte> signature) {
  const unsigned char* in = octets(signature.data());
  const openssl::Handle<ECDSA_SIG> given(d2i_ECDSA_SIG(nullptr, &in, static_cast<long>(signature.size())));
  BIGNUM* n = nullptr;
  REQUIRE(EVP_PKEY_get_bn_param(key, OSSL_PKEY_PARAM_EC_ORDER, &n) == 1);
  const openssl::Handle<BIGNUM> order(n);
  BIGNUM* const s = BN_new();
  BN_sub(s, n, ECDSA_SIG_get0_s(given.get()));
  const openssl::Handle<ECDSA_SIG> other(ECDSA_SIG_new());
  ECDSA_SIG_set0(other.get(), BN_dup(ECDSA_SIG_get0_r(given.get())), s);
  unsigned char* der = nullptr;
  const int size = i2d_ECDSA_SIG(other.get(), &der);
  const openssl::Handle<unsigned char> owner(der);
  const auto bytes = std::as_bytes(std::span(der, static_cast<std::size_t>(size)));
  return {bytes.begin(), bytes.end()};
}

/// L of Ed25519 and Ed448 (RFC 8032 5.1, 5.2), little-endian.
constexpr std::string_view order_of_ed25519 = "edd3f55c1a631258d69cf7a2def9de1400000000000000000000000000000010";
constexpr std::string_view order_of_ed448 =
    "f34458ab92c27823558fc58d72c26c219036d6ae49db4ec4e923ca7cffffffffffffffffffffffffffffffffffffffffffffffffffffff3f0"
    "0";

/// S + L behind the same R: the signature that a careless verifier takes as well.
std::vector<std::byte> with_order_added(std::span<const std::byte> signature, std::string_view order_digits) {
  const auto order = from_hex(order_digits).value();
  std::vector<std::byte> other(signature.begin(), signature.end());
  unsigned carry = 0;
  for (std::size_t i = 0; i < order.size(); ++i) {
    std::byte& at = other[other.size() - order.size() + i];
    carry += std::to_integer<unsigned>(at) + std::to_integer<unsigned>(order[i]);
    at = static_cast<std::byte>(carry & 0xFF);
    carry >>= 8;
  }
  REQUIRE(carry == 0);
  return other;
}

}  // namespace

TEST_CASE("kinds of signatures: names, and what this libcrypto offers") {
  std::set<std::string_view> names;
  for (const SignatureKind kind : signature_kinds()) {
    CHECK(names.insert(name_of(kind)).second);
    CHECK(signature_kind_from(name_of(kind)) == kind);
    CHECK_THAT(absence_of(kind),
               Catch::Contains("does not offer " + std::string(words_for(kind).kind)) && Catch::Contains("OpenSSL"));
  }
  CHECK(names.size() == 7);
  for (const char* const name : {"", "SM2", "ml-dsa", "ml-dsa-44", "ecdsa-p384 ", "rsa"})
    CHECK_FALSE(signature_kind_from(name));
  // Debian 12's libcrypto, the oldest there may be, has these; ML-DSA comes with 3.5, both sizes at once.
  for (const auto kind : {SignatureKind::ecdsa_p384, SignatureKind::ecdsa_p521, SignatureKind::sm2,
                          SignatureKind::ed25519, SignatureKind::ed448})
    CHECK(is_available(kind));
  const bool since_3_5 = OPENSSL_version_major() > 3 || OPENSSL_version_minor() >= 5;
  CHECK(is_available(SignatureKind::ml_dsa_65) == since_3_5);
  CHECK(is_available(SignatureKind::ml_dsa_87) == since_3_5);
  CHECK_THAT(absence_of(SignatureKind::ml_dsa_65), Catch::Contains("one of 3.5 or later does"));
}

TEST_CASE("kinds of signatures: a key signs as its kind, no bit of it can change, and no other kind takes it") {
  const KindDesk desk;
  const auto message = bytes_of("what is signed");
  for (const SignatureKind kind : further_kinds_here()) {
    CAPTURE(name_of(kind));
    desk.make({.name = "a", .group = group_of(kind)});
    desk.make({.name = "b", .group = group_of(kind)});
    const FurtherSigner signer = desk.signer("a", "a");
    CHECK(signer.kind() == kind);
    CHECK(kind_of(signer.certificate()) == kind);
    const auto signature = signer.sign(message);
    CHECK(has_form_of(kind, signature));
    CHECK(signature_is_valid(kind, signer.certificate(), message, signature));
    CHECK_FALSE(signature_is_valid(kind, signer.certificate(), bytes_of("what is signee"), signature));
    CHECK_FALSE(signature_is_valid(kind, signer.certificate(), {}, signature));
    CHECK_FALSE(signature_is_valid(kind, desk.certificate("b"), message, signature));
    for (const SignatureKind other : signature_kinds()) {
      if (other == kind || !is_available(other)) continue;
      CHECK_FALSE(is_key_for(other, X509_get0_pubkey(signer.certificate().get())));
      CHECK_FALSE(signature_is_valid(other, signer.certificate(), message, signature));
    }
    // All bits of the short ones, some of ML-DSA's.
    const std::size_t step = signature.size() > 1000 ? 97 : 1;
    for (std::size_t bit = 0; bit < 8 * signature.size(); bit += step) {
      auto changed = signature;
      changed[bit / 8] ^= std::byte{1} << (bit % 8);
      CAPTURE(bit);
      CHECK_FALSE(signature_is_valid(kind, signer.certificate(), message, changed));
    }
    auto longer = signature;
    longer.push_back(std::byte{0});
    CHECK_FALSE(signature_is_valid(kind, signer.certificate(), message, longer));
    CHECK_FALSE(
        signature_is_valid(kind, signer.certificate(), message, std::span(signature).first(signature.size() - 1)));
    CHECK_FALSE(signature_is_valid(kind, signer.certificate(), message, {}));
    CHECK_FALSE(has_form_of(kind, longer));
    CHECK_FALSE(has_form_of(kind, {}));
    CHECK_THROWS_WITH(desk.signer("a", "b"), Catch::Contains("does not belong"));
  }
}

TEST_CASE(
    "kinds of signatures: what is no pair of numbers of the curve has not the form, whether it can be checked or not") {
  const auto pair_of = [](std::size_t r_bytes, std::size_t s_bytes) {
    std::string der;
    for (const std::size_t bytes : {r_bytes, s_bytes}) {
      der += std::string("\x02") + static_cast<char>(std::max<std::size_t>(bytes, 1));
      der += bytes == 0 ? std::string(1, '\0') : "\x01" + std::string(bytes - 1, '\x55');
    }
    return (der.size() < 128 ? std::string("\x30") : std::string("\x30\x81")) + static_cast<char>(der.size()) + der;
  };
  for (const auto& [kind, bytes] :
       {std::pair(SignatureKind::ecdsa_p384, std::size_t{48}), std::pair(SignatureKind::ecdsa_p521, std::size_t{66}),
        std::pair(SignatureKind::sm2, std::size_t{32})}) {
    CAPTURE(name_of(kind));
    CHECK(has_form_of(kind, bytes_of(pair_of(1, 1))));
    CHECK(has_form_of(kind, bytes_of(pair_of(bytes, bytes))));
    for (const std::string& wrong : {pair_of(0, 1), pair_of(1, 0), pair_of(bytes + 1, 1), pair_of(1, bytes + 1)})
      CHECK_FALSE(has_form_of(kind, bytes_of(wrong)));
  }
}

TEST_CASE("kinds of signatures: the second signature that everybody could make of one is refused") {
  const KindDesk desk;
  const auto message = bytes_of("text");
  desk.make({.name = "p521", .group = "P-521"});
  const FurtherSigner p521 = desk.signer("p521", "p521");
  for (int i = 0; i < 20; ++i) {
    const auto signature = p521.sign(message);
    CHECK(has_low_s(signature, EcdsaCurve::p521));
    EVP_PKEY* const key = X509_get0_pubkey(p521.certificate().get());
    const auto other = with_order_minus_s(key, signature);
    CHECK_FALSE(has_low_s(other, EcdsaCurve::p521));
    CHECK(ecdsa_signature_is_valid(key, EcdsaCurve::p521, message, other, Malleability::allow));
    CHECK_FALSE(signature_is_valid(SignatureKind::ecdsa_p521, p521.certificate(), message, other));
    CHECK(with_low_s(other, EcdsaCurve::p521) == signature);
  }
  for (const auto& [kind, order] :
       {std::pair(SignatureKind::ed25519, order_of_ed25519), std::pair(SignatureKind::ed448, order_of_ed448)}) {
    CAPTURE(name_of(kind));
    desk.make({.name = "ed", .group = group_of(kind)});
    const FurtherSigner signer = desk.signer("ed", "ed");
    const auto signature = signer.sign(message);
    CHECK(signer.sign(message) == signature);
    CHECK_FALSE(signature_is_valid(kind, signer.certificate(), message, with_order_added(signature, order)));
  }
}

TEST_CASE("kinds of signatures: the standards' own signatures verify") {
  const auto key = [](const char* type, std::string_view digits) {
    const auto raw = from_hex(digits).value();
    return openssl::Handle<EVP_PKEY>(
        EVP_PKEY_new_raw_public_key_ex(nullptr, type, nullptr, octets(raw.data()), raw.size()));
  };
  // RFC 8032 7.1, test 2: one byte.
  const auto ed25519 = key("ED25519", "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c");
  const auto by_ed25519 = from_hex(
                              "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
                              "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00")
                              .value();
  const auto one_byte = from_hex("72").value();
  CHECK(one_shot_signature_is_valid(ed25519.get(), "ED25519", 64, one_byte, by_ed25519));
  CHECK_FALSE(one_shot_signature_is_valid(ed25519.get(), "ED25519", 64, {}, by_ed25519));
  CHECK_FALSE(one_shot_signature_is_valid(ed25519.get(), "ED448", 64, one_byte, by_ed25519));
  // RFC 8032 7.4, one octet.
  const auto ed448 =
      key("ED448",
          "43ba28f430cdff456ae531545f7ecd0ac834a55d9358c0372bfa0c6c6798c0866aea01eb00742802b8438ea4cb82169c"
          "235160627b4c3a9480");
  const auto by_ed448 =
      from_hex(
          "26b8f91727bd62897af15e41eb43c377efb9c610d48f2335cb0bd0087810f4352541b143c4b981b7e18f62de8ccdf633fc1bf037ab7c"
          "d779805e0dbcc0aae1cbcee1afb2e027df36bc04dcecbf154336c19f0af7e0a6472905e799f1953d2a0ff3348ab21aa4adafd1d23444"
          "1c"
          "f807c03a00")
          .value();
  CHECK(one_shot_signature_is_valid(ed448.get(), "ED448", 114, from_hex("03").value(), by_ed448));
  CHECK_FALSE(one_shot_signature_is_valid(ed448.get(), "ED448", 114, one_byte, by_ed448));
}

TEST_CASE("kinds of signatures: certificates whose key is of none, or not of the one that it says") {
  const KindDesk desk;
  desk.make({.name = "p256", .group = "P-256"});
  desk.make({.name = "rsa", .group = "", .rsa_bits = 3072});
  desk.make({.name = "explicit", .group = "P-521", .explicit_curve = true});
  desk.make({.name = "off", .group = "P-521", .off_curve = true});
  for (const char* const name : {"p256", "rsa", "explicit", "off"}) {
    CAPTURE(name);
    CHECK_FALSE(kind_of(desk.certificate(name)));
    CHECK_THROWS_WITH(desk.signer(name, name), Catch::Contains("holds no key that a further signature is made with"));
  }
  desk.make({.name = "p384"});
  CHECK(kind_of(desk.certificate("p384")) == SignatureKind::ecdsa_p384);
  CHECK_THROWS_WITH(desk.signer("p384", "p384"), Catch::Contains("a further signature is of another one"));
}

TEST_CASE("kinds of signatures: a signer may be refused for its certificate, whatever its kind") {
  for (const SignatureKind kind : further_kinds_here()) {
    const KindDesk desk;
    const std::string group = group_of(kind);
    CAPTURE(name_of(kind));
    desk.make({.name = "good", .group = group});
    desk.make({.name = "agreement", .group = group, .usage = "keyAgreement"});
    desk.make({.name = "old", .group = group, .until_now = -60});
    desk.make({.name = "ca", .group = group, .usage = "digitalSignature,keyCertSign", .authority = true});
    desk.make({.name = "p384"});
    CHECK_NOTHROW(desk.signer("good", "good"));
    CHECK_THROWS_WITH(desk.signer("agreement", "agreement"), Catch::Contains("key usage"));
    CHECK_THROWS_WITH(desk.signer("old", "old"), Catch::Contains("expired"));
    CHECK_THROWS_WITH(desk.signer("ca", "ca"), Catch::Contains("certification authority's"));
    CHECK_THROWS_WITH(desk.signer("good", "p384"), Catch::Contains("is no " + std::string(words_for(kind).key)));
    CHECK_THROWS_WITH(Signer(desk.file("good.crt"), desk.file("good.key"), desk.now), Catch::Contains("P-384"));
    CHECK_THROWS_WITH(FurtherSigner(desk.file("good.crt"), "pkcs11:token=x", desk.now),
                      Catch::Contains("is read from a file"));
    if (kind != SignatureKind::ecdsa_p521)
      CHECK(test::category_of([&] { (void)Recipient::read(desk.file("good.crt"), desk.now); }) == Category::refused);
  }
}

TEST_CASE("kinds of signatures: an authority of the list vouches for every kind, one of a kind for its own") {
  const KindDesk desk;
  desk.make({.name = "ec", .authority = true});
  for (const SignatureKind kind : further_kinds_here())
    desk.make({.name = "ca-" + std::string(name_of(kind)), .group = group_of(kind), .authority = true});
  for (const SignatureKind kind : further_kinds_here()) {
    const std::string name(name_of(kind)), group = group_of(kind);
    desk.make({.name = name, .group = group, .issuer = "ec"});
    CAPTURE(name);
    CHECK(desk.judged("ec", name, kind) == "");
    CHECK(desk.judged(name, name, kind) == "");
    for (const SignatureKind other : further_kinds_here()) {
      const std::string authority = "ca-" + std::string(name_of(other));
      desk.make({.name = "under", .group = group, .issuer = authority});
      CAPTURE(authority);
      // P-521 is on the list itself.
      if (may_vouch_for(other, kind) || other == SignatureKind::ecdsa_p521) {
        CHECK(desk.judged(authority, "under", kind) == "");
      } else {
        CHECK_THAT(desk.judged(authority, "under", kind), Catch::Contains("cannot issue certificates"));
      }
      CHECK(desk.judged("ec", "under", kind) != "");
    }
    // For the first signature nothing but the list counts.
    if (kind == SignatureKind::ecdsa_p521) continue;
    desk.make({.name = "first", .issuer = "ca-" + name});
    CHECK_THAT(desk.judged("ca-" + name, "first", SignatureKind::ecdsa_p384), Catch::Contains("cannot issue"));
  }
  CHECK(may_vouch_for(SignatureKind::ml_dsa_87, SignatureKind::ml_dsa_65));
  CHECK(may_vouch_for(SignatureKind::ed448, SignatureKind::ed25519));
  CHECK_FALSE(may_vouch_for(SignatureKind::sm2, SignatureKind::ml_dsa_65));
  CHECK_FALSE(may_vouch_for(SignatureKind::ed25519, SignatureKind::ml_dsa_87));
}

TEST_CASE("kinds of signatures: a trial certificate of each, or the word that it cannot be made here") {
  const test::Scratch scratch;
  const std::time_t now = std::time(nullptr);
  for (const SignatureKind kind : signature_kinds()) {
    CAPTURE(name_of(kind));
    if (!is_available(kind)) {
      CHECK(test::category_of([&] { (void)make_trial_certificate(TrialUse::sign, "A", now, 1, kind); }) ==
            Category::refused);
      continue;
    }
    const TrialCertificate made = make_trial_certificate(TrialUse::sign, "A", now, 1, kind);
    std::ofstream(scratch / "a.crt", std::ios::trunc) << made.certificate;
    std::filesystem::remove(scratch / "a.key");
    AtomicFile key(scratch / "a.key", AtomicFile::Mode::secret);
    key.write(made.key.bytes());
    key.commit();
    const X509Certificate certificate = X509Certificate::read(scratch / "a.crt");
    CHECK(kind_of(certificate) == kind);
    CHECK(X509_verify(certificate.get(), X509_get0_pubkey(certificate.get())) == 1);
    if (kind != SignatureKind::ecdsa_p384)
      CHECK_NOTHROW(FurtherSigner(scratch / "a.crt", (scratch / "a.key").string(), now));
  }
}

TEST_CASE("ML-DSA: another maker's certificate and signature hold, or it is said that they cannot be checked here") {
  const test::SignedElsewhere made = test::signed_by_openssl();
  const X509Certificate certificate = made.certificate();
  CHECK(kind_of(certificate) == SignatureKind::ml_dsa_65);
  CHECK(certificate.subject() == "CN=Second by OpenSSL,O=TEST - not for production");
  CHECK(has_form_of(SignatureKind::ml_dsa_65, made.signature));
  CHECK_FALSE(has_form_of(SignatureKind::ml_dsa_87, made.signature));
  CHECK_FALSE(has_form_of(SignatureKind::ml_dsa_65, std::span(made.signature).first(3308)));
  const bool here = is_available(SignatureKind::ml_dsa_65);
  CHECK(is_key_for(SignatureKind::ml_dsa_65, X509_get0_pubkey(certificate.get())) == here);
  CHECK(signature_is_valid(SignatureKind::ml_dsa_65, certificate, bytes_of(made.message), made.signature) == here);
  CHECK_FALSE(signature_is_valid(SignatureKind::ml_dsa_65, certificate, bytes_of("something else"), made.signature));
  for (std::size_t bit = 0; bit < 8 * made.signature.size(); bit += 211) {
    auto changed = made.signature;
    changed[bit / 8] ^= std::byte{1} << (bit % 8);
    CHECK_FALSE(signature_is_valid(SignatureKind::ml_dsa_65, certificate, bytes_of(made.message), changed));
  }
  for (const SignatureKind other : signature_kinds())
    if (other != SignatureKind::ml_dsa_65)
      CHECK_FALSE(signature_is_valid(other, certificate, bytes_of(made.message), made.signature));
}

TEST_CASE("ML-DSA: where it is not offered nobody signs with it, and its authorities are no anchors of chains") {
  if (is_available(SignatureKind::ml_dsa_65)) return;
  const test::Scratch scratch;
  const std::time_t now = std::time(nullptr);
  const std::string file = test::signed_by_openssl().certificate_file.string();
  CHECK_THROWS_WITH(FurtherSigner(file, file, now), Catch::Contains("cannot sign here") && Catch::Contains("3.5"));
  CHECK_THROWS_WITH(
      TrustAnchor(X509Certificate::read(file)).judge(X509Certificate::read(file), now, SignatureKind::ml_dsa_65),
      Catch::Contains("does not know"));
  test::make_certificate(scratch.path(), {.name = "ca", .usage = "keyCertSign", .authority = true});
  std::ofstream(scratch / "chain.crt") << read_text_file(file, 1 << 16) << read_text_file(scratch / "ca.crt", 1 << 16);
  CHECK_THROWS_WITH(TrustAnchor::read(scratch / "chain.crt"), Catch::Contains("does not offer ML-DSA-65"));
}

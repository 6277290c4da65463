// SPDX-License-Identifier: Apache-2.0
#include "crypto/sm2.h"

#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/param_build.h>
#include <sys/stat.h>

#include <catch2/catch.hpp>
#include <fstream>
#include <string>
#include <vector>

#include "core/atomic_file.h"
#include "core/byte_views.h"
#include "core/error.h"
#include "core/hex.h"
#include "crypto/handles.h"
#include "crypto/recipient.h"
#include "crypto/signer.h"
#include "crypto/trust.h"
#include "tests/category_of.h"
#include "tests/crypto/pki.h"
#include "tests/scratch.h"

using namespace lightseed;

namespace {

std::vector<std::byte> bytes(std::string_view digits) {
  const auto out = from_hex(digits);
  REQUIRE(out);
  return *out;
}

/// A public key of SM2, given as an uncompressed point.
openssl::Handle<EVP_PKEY> public_key(std::string_view point) {
  const openssl::Handle<OSSL_PARAM_BLD> build(OSSL_PARAM_BLD_new());
  const auto encoded = bytes(point);
  REQUIRE(OSSL_PARAM_BLD_push_utf8_string(build.get(), OSSL_PKEY_PARAM_GROUP_NAME, "SM2", 0) == 1);
  REQUIRE(OSSL_PARAM_BLD_push_octet_string(build.get(), OSSL_PKEY_PARAM_PUB_KEY, encoded.data(), encoded.size()) == 1);
  const openssl::Handle<OSSL_PARAM> parameters(OSSL_PARAM_BLD_to_param(build.get()));
  const openssl::Handle<EVP_PKEY_CTX> context(EVP_PKEY_CTX_new_from_name(nullptr, "SM2", nullptr));
  EVP_PKEY* key = nullptr;
  REQUIRE(EVP_PKEY_fromdata_init(context.get()) == 1);
  REQUIRE(EVP_PKEY_fromdata(context.get(), &key, EVP_PKEY_PUBLIC_KEY, parameters.get()) == 1);
  return openssl::Handle<EVP_PKEY>(key);
}

// GB/T 32918.5-2017 (GM/T 0003.5-2012), annex A.2: the recommended curve, id "1234567812345678", "message digest".
constexpr std::string_view standards_key =
    "0409f9df311e5421a150dd7d161e4bc5c672179fad1833fc076bb08ff356f35020"
    "ccea490ce26775a52dc6ea718cc1aa600aed05fbf35e084a6632f6072da9ad13";
constexpr std::string_view standards_signature =
    "3046022100f5a03b0648d2c4630eeac513e1bb81a15944da3827d5b74143ac7eaceee720b3"
    "022100b1b6aa29df212fd8763182bc0d421ca1bb9038fd1f7f42d4840b69c485bbc1aa";
constexpr std::string_view message = "message digest";

/// n - s of the standard's signature: with ECDSA it would hold too.
constexpr std::string_view with_other_s =
    "3045022100f5a03b0648d2c4630eeac513e1bb81a15944da3827d5b74143ac7eaceee720b3"
    "02204e4955d520ded02789ce7d43f2bde35db673a66e0246c256cfb08a44b4197f79";

/// The standard's two numbers in ways that are no DER, and numbers out of range.
constexpr std::string_view other_spellings[] = {
    // a length in two bytes; a leading zero more; without the zero before a high bit; an indefinite length
    "308146022100f5a03b0648d2c4630eeac513e1bb81a15944da3827d5b74143ac7eaceee720b3"
    "022100b1b6aa29df212fd8763182bc0d421ca1bb9038fd1f7f42d4840b69c485bbc1aa",
    "304702220000f5a03b0648d2c4630eeac513e1bb81a15944da3827d5b74143ac7eaceee720b3"
    "022100b1b6aa29df212fd8763182bc0d421ca1bb9038fd1f7f42d4840b69c485bbc1aa",
    "30440220f5a03b0648d2c4630eeac513e1bb81a15944da3827d5b74143ac7eaceee720b3"
    "0220b1b6aa29df212fd8763182bc0d421ca1bb9038fd1f7f42d4840b69c485bbc1aa",
    "3080022100f5a03b0648d2c4630eeac513e1bb81a15944da3827d5b74143ac7eaceee720b3"
    "022100b1b6aa29df212fd8763182bc0d421ca1bb9038fd1f7f42d4840b69c485bbc1aa0000",
    // the bare numbers; both zero; r + n
    "f5a03b0648d2c4630eeac513e1bb81a15944da3827d5b74143ac7eaceee720b3"
    "b1b6aa29df212fd8763182bc0d421ca1bb9038fd1f7f42d4840b69c485bbc1aa",
    "3006020100020100",
    "3046022101f5a03b0548d2c4630eeac513e1bb81a0cb48b9a3499bbc6c976872b628bc61d6"
    "022100b1b6aa29df212fd8763182bc0d421ca1bb9038fd1f7f42d4840b69c485bbc1aa"};

struct Sm2Desk {
  test::Scratch scratch;
  std::time_t now = std::time(nullptr);
  [[nodiscard]] std::string file(const std::string& name) const { return (scratch.path() / name).string(); }
  void make(test::CertificateWish wish) const {
    if (wish.usage.empty()) wish.usage = wish.authority ? "keyCertSign" : "digitalSignature";
    test::make_certificate(scratch.path(), wish);
  }
  [[nodiscard]] FurtherSigner signer(const std::string& certificate, const std::string& key) const {
    return {file(certificate + ".crt"), file(key + ".key"), now};
  }
  [[nodiscard]] X509Certificate certificate(const std::string& name) const {
    return X509Certificate::read(file(name + ".crt"));
  }
  /// What is wrong with the second signer under this anchor now; empty when nothing is.
  [[nodiscard]] std::string judged(const char* anchor, const char* signer) const {
    try {
      const TrustAnchor trust = TrustAnchor::read(file(std::string(anchor) + ".crt"));
      (void)trust.signer(certificate(signer));
      trust.judge(certificate(signer), now, SignatureKind::sm2);
      return {};
    } catch (const Error& e) {
      return e.what();
    }
  }
};

}  // namespace

TEST_CASE("SM2: the standard's own signature verifies, and no other") {
  const auto key = public_key(standards_key);
  REQUIRE(is_sm2(key.get()));
  const auto signature = bytes(standards_signature);
  CHECK(sm2_signature_is_valid(key.get(), bytes_of(message), signature));
  CHECK_FALSE(sm2_signature_is_valid(key.get(), bytes_of("message digesu"), signature));
  for (std::size_t i = 0; i < 8 * signature.size(); ++i) {
    auto changed = signature;
    changed[i / 8] ^= std::byte{1} << (i % 8);
    CHECK_FALSE(sm2_signature_is_valid(key.get(), bytes_of(message), changed));
  }
  auto longer = signature;
  longer.push_back(std::byte{0});
  CHECK_FALSE(sm2_signature_is_valid(key.get(), bytes_of(message), longer));
  CHECK_FALSE(sm2_signature_is_valid(key.get(), bytes_of(message), {}));
  CHECK_FALSE(sm2_signature_is_valid(key.get(), bytes_of(message), bytes(with_other_s)));
  for (const std::string_view other : other_spellings) {
    CAPTURE(other);
    CHECK_FALSE(sm2_signature_is_valid(key.get(), bytes_of(message), bytes(other)));
  }
}

TEST_CASE("SM2: a key on another curve is none") {
  const openssl::Handle<EVP_PKEY> p256(EVP_EC_gen("P-256"));
  CHECK_FALSE(is_sm2(p256.get()));
  CHECK_FALSE(sm2_signature_is_valid(p256.get(), bytes_of(message), bytes(standards_signature)));
  CHECK_FALSE(is_sm2(nullptr));
}

TEST_CASE("SM2: a signer's key and certificate belong together and are of SM2") {
  const Sm2Desk desk;
  for (const char* const name : {"a", "b"})
    desk.make({.name = name, .group = "SM2"});
  desk.make({.name = "p384"});
  desk.make({.name = "p256", .group = "P-256"});
  desk.make({.name = "agreement", .group = "SM2", .usage = "keyAgreement"});
  desk.make({.name = "old", .group = "SM2", .until_now = -60});
  desk.make({.name = "authority", .group = "SM2", .usage = "digitalSignature,keyCertSign", .authority = true});
  desk.make({.name = "explicit", .group = "SM2", .explicit_curve = true, .digest = "SHA256"});
  desk.make({.name = "off", .group = "SM2", .off_curve = true});
  const FurtherSigner signer = desk.signer("a", "a");
  const auto signature = signer.sign(bytes_of("text"));
  CHECK(signature_is_valid(SignatureKind::sm2, signer.certificate(), bytes_of("text"), signature));
  CHECK_FALSE(signature_is_valid(SignatureKind::sm2, signer.certificate(), bytes_of("texu"), signature));
  CHECK_FALSE(signature_is_valid(SignatureKind::sm2, desk.certificate("b"), bytes_of("text"), signature));
  CHECK_FALSE(signature_is_valid(SignatureKind::ecdsa_p384, signer.certificate(), bytes_of("text"), signature));
  CHECK_FALSE(signature_is_valid(SignatureKind::sm2, desk.certificate("p384"), bytes_of("text"), signature));
  CHECK(signer.record().subject == "CN=a");
  CHECK_NOTHROW(FurtherSigner(desk.file("a.crt"), "file:" + desk.file("a.key"), desk.now));
  CHECK_THROWS_WITH(desk.signer("a", "b"), Catch::Contains("does not belong"));
  CHECK_THROWS_WITH(desk.signer("p256", "p256"), Catch::Contains("holds no key that a further signature is made with"));
  CHECK_THROWS_WITH(desk.signer("p384", "p384"), Catch::Contains("a further signature is of another one"));
  for (const char* const name : {"p384", "p256"})
    CHECK_THROWS_WITH(desk.signer("a", name), Catch::Contains("is no SM2 key") && Catch::Contains("genpkey"));
  CHECK_THROWS_WITH(desk.signer("agreement", "agreement"), Catch::Contains("key usage"));
  CHECK_THROWS_WITH(desk.signer("old", "old"), Catch::Contains("expired"));
  CHECK_THROWS_WITH(desk.signer("authority", "authority"), Catch::Contains("certification authority's"));
  CHECK_THROWS_WITH(desk.signer("explicit", "a"), Catch::Contains("holds no key that a further"));
  CHECK_THROWS_WITH(desk.signer("a", "explicit"), Catch::Contains("is no SM2 key"));
  CHECK_THROWS_WITH(desk.signer("off", "off"), Catch::Contains("holds no key that a further"));
}

TEST_CASE("SM2: a key file is its owner's alone, as the first signer's; and each signer has its kind") {
  const Sm2Desk desk;
  desk.make({.name = "a", .group = "SM2"});
  CHECK_THROWS_WITH(Signer(desk.file("a.crt"), desk.file("a.key"), desk.now), Catch::Contains("P-384"));
  CHECK_THROWS_WITH(Recipient::read(desk.file("a.crt"), desk.now), Catch::Contains("SM2"));
  REQUIRE(chmod(desk.file("a.key").c_str(), 0640) == 0);
  CHECK(test::category_of([&] { (void)desk.signer("a", "a"); }) == Category::device);
}

TEST_CASE("SM2: a certificate by an authority of SM2, under the usual identifier, or by another allowed one") {
  const Sm2Desk desk;
  desk.make({.name = "root", .group = "SM2", .authority = true});
  desk.make({.name = "ec", .authority = true});
  desk.make({.name = "rsa", .group = "", .rsa_bits = 3072, .authority = true});
  desk.make({.name = "short", .group = "secp224r1", .authority = true});
  desk.make({.name = "explicit", .group = "P-256", .authority = true, .explicit_curve = true});
  for (const char* const authority : {"root", "ec", "rsa", "short", "explicit"})
    desk.make({.name = std::string("by-") + authority, .group = "SM2", .issuer = authority});
  desk.make({.name = "sha1", .group = "SM2", .digest = "SHA1", .issuer = "ec"});
  desk.make({.name = "no-id", .group = "SM2", .issuer = "root", .usual_sm2_id = false});
  desk.make({.name = "p384", .issuer = "root"});
  desk.make({.name = "itself", .group = "SM2"});
  CHECK(desk.judged("root", "by-root") == "");
  CHECK(desk.judged("ec", "by-ec") == "");
  CHECK(desk.judged("rsa", "by-rsa") == "");
  CHECK(desk.judged("itself", "itself") == "");
  CHECK_THAT(desk.judged("root", "by-ec"), Catch::Contains("was not issued by CN=root"));
  CHECK_THAT(desk.judged("root", "itself"), Catch::Contains("was not issued by CN=root"));
  CHECK_THAT(desk.judged("root", "no-id"), Catch::Contains("was not issued by CN=root"));
  CHECK_THAT(desk.judged("short", "by-short"), Catch::Contains("cannot issue certificates"));
  CHECK(desk.judged("explicit", "by-explicit") != "");
  CHECK_THAT(desk.judged("ec", "sha1"), Catch::Contains("can be forged"));
  CHECK_THAT(desk.judged("root", "p384"), Catch::Contains("holds no SM2 key"));
  CHECK_THAT(desk.judged("itself", "by-root"), Catch::Contains("not the certificate that is trusted"));
  // For the first signature nothing of SM2 vouches.
  const TrustAnchor root = TrustAnchor::read(desk.file("root.crt"));
  CHECK_THROWS_WITH(root.judge(desk.certificate("p384"), desk.now), Catch::Contains("its curve is SM2"));
  CHECK_THROWS_WITH(root.judge(desk.certificate("by-root"), desk.now), Catch::Contains("P-384"));
}

TEST_CASE("SM2: a chain of authorities, each of its own kind, vouches for the second signer") {
  const Sm2Desk desk;
  desk.make({.name = "root", .authority = true});
  desk.make({.name = "between", .group = "SM2", .authority = true, .issuer = "root"});
  desk.make({.name = "second", .group = "SM2", .issuer = "between"});
  desk.make({.name = "elsewhere", .group = "SM2", .authority = true});
  const auto chain = [&](const std::vector<const char*>& names) {
    std::string text;
    for (const char* const name : names)
      text += read_text_file(desk.file(std::string(name) + ".crt"), 1 << 20);
    std::ofstream(desk.file("chain.crt"), std::ios::trunc) << text;
  };
  chain({"between", "root"});
  CHECK(desk.judged("chain", "second") == "");
  CHECK(desk.judged("between", "second") == "");
  CHECK_THAT(desk.judged("root", "second"), Catch::Contains("was not issued by CN=root"));
  chain({"root", "between", "second"});
  CHECK(desk.judged("chain", "second") == "");
  chain({"root", "elsewhere"});
  CHECK_THAT(desk.judged("chain", "second"), Catch::Contains("one chain to one certification authority"));
}

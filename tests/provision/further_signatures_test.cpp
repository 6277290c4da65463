// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch.hpp>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "core/clock.h"
#include "crypto/dsse.h"
#include "provision/further_signatures.h"
#include "provision/issue.h"
#include "provision/open_batch.h"
#include "provision/verify.h"
#include "tests/crypto/signed_elsewhere.h"
#include "tests/provision/assessed_office.h"

using namespace lightseed;
using test::AssessedOffice;

namespace {

/// An office with a second signer under an authority of SM2.
class SecondOffice : public AssessedOffice {
 public:
  SecondOffice() {
    make({.name = "root", .group = "SM2", .usage = "keyCertSign", .authority = true});
    make({.name = "second", .group = "SM2", .usage = "digitalSignature", .issuer = "root"});
    make({.name = "other", .group = "SM2", .usage = "digitalSignature"});
    make({.name = "ed25519", .group = "ED25519", .usage = "digitalSignature"});
    make({.name = "p521", .group = "P-521", .usage = "digitalSignature"});
  }
  void make(const test::CertificateWish& wish) const { test::make_certificate(path("x").parent_path(), wish); }
  [[nodiscard]] IssueRequest request(const std::vector<std::string>& further = {"second"}) const {
    IssueRequest request = AssessedOffice::request();
    for (const std::string& name : further)
      request.further_signers.emplace_back(file(name + ".crt"), file(name + ".key"), std::time(nullptr));
    return request;
  }
  [[nodiscard]] VerifyReport verify_under(const std::vector<std::string>& trust,
                                          const std::vector<SignatureKind>& kinds = {}) const {
    VerifyRequest request;
    request.policy.allow_test = true;
    request.policy.signatures.kinds = kinds;
    for (const std::string& name : trust)
      request.policy.signatures.trust.push_back(TrustAnchor::read(file(name + ".crt")));
    return lightseed::verify(path("out"), TrustAnchor::read(file("signer.crt")), request);
  }
};

bool says(const std::vector<std::string>& sentences, const std::string& words) {
  return std::ranges::any_of(sentences, [&](const std::string& one) { return one.find(words) != std::string::npos; });
}

/// A reading of a certificate created now, with these further signers on record.
CertificateReading reading_of(const std::optional<SignerRecord>& second,
                              const std::optional<SignerRecord>& third = std::nullopt) {
  CertificateReading reading;
  reading.batch.created = utc_text(std::time(nullptr));
  reading.batch.second_signer = second;
  reading.batch.third_signer = third;
  return reading;
}

SignerRecord record_of_signer(const X509Certificate& certificate) {
  return {.subject = certificate.subject(), .certificate_sha256 = certificate.fingerprint()};
}

/// A signature that was found to hold, or could not be checked.
FurtherSignature signature_by(const X509Certificate& signer, bool checked = true) {
  return {.signer = signer, .kind = kind_of(signer).value_or(SignatureKind::sm2), .checked = checked};
}

/// A signer of ML-DSA-65 as a libcrypto without it sees them.
FurtherSignature unchecked_signature() {
  return signature_by(test::signed_by_openssl().certificate(), false);
}

}  // namespace

TEST_CASE("a batch with a second signature: present and not judged, or vouched for, or not by whom is trusted") {
  const SecondOffice office;
  const IssueRequest request = office.request();
  const IssueResult result = issue(request, AssessedOffice::services());
  const Json statement = Json::parse(test::unseal_body(result, request));
  CHECK(statement["predicate"]["protection"]["second_signer"] == to_json(request.further_signers[0].record()));

  const VerifyReport unjudged = office.verify_under({});
  CHECK(unjudged.valid());
  CHECK(says(unjudged.checks, "SM2 with SM3, is by the key of CN=second"));
  CHECK(says(unjudged.certificate.notices, "not judged"));
  for (const char* const trust : {"second", "root"}) {
    const VerifyReport trusted = office.verify_under({trust});
    CHECK(trusted.valid());
    CHECK(says(trusted.checks, "vouches for the second signature"));
    CHECK_FALSE(says(trusted.certificate.notices, "not judged"));
  }
  for (const char* const trust : {"other", "signer", "perso"}) {
    const VerifyReport foreign = office.verify_under({trust});
    CAPTURE(trust);
    REQUIRE(foreign.faults.size() == 1);
    CHECK_THAT(foreign.faults[0], Catch::Contains("not by whom is trusted for it"));
  }
  // Who asks for the ordinary signature by the second signer's word gets nothing.
  CHECK_THROWS_AS(lightseed::verify(office.path("out"), TrustAnchor::read(office.file("second.crt"))), Error);
  CHECK(read_sealed_certificate(office.path("out"), TrustAnchor::read(office.file("signer.crt"))).further.all.size() ==
        1);
}

TEST_CASE("a batch without a second signature is as it was, and refused where one is asked for") {
  const SecondOffice office;
  const IssueRequest request = office.AssessedOffice::request();
  const IssueResult result = issue(request, AssessedOffice::services());
  CHECK_FALSE(Json::parse(test::unseal_body(result, request))["predicate"]["protection"].contains("second_signer"));
  CHECK(office.verify_under({}).valid());
  const VerifyReport asked = office.verify_under({"second"});
  CHECK(asked.faults.empty());
  REQUIRE(asked.refusals.size() == 1);
  CHECK_THAT(asked.refusals[0], Catch::Contains("no second signature"));
}

TEST_CASE("the same call finds the batch again; another second signer, or none, is another call") {
  const SecondOffice office;
  REQUIRE_FALSE(issue(office.request(), AssessedOffice::services()).already_issued);
  CHECK(issue(office.request(), AssessedOffice::no_source()).already_issued);
  CHECK(test::failure_of(office.request({"other"}), AssessedOffice::no_source(), "the second signer") ==
        Category::refused);
  CHECK(test::failure_of(office.AssessedOffice::request(), AssessedOffice::no_source(), "the second signer") ==
        Category::refused);
}

TEST_CASE("the second signer is judged at the time of issue, without anybody's trust") {
  const SecondOffice office;
  office.make({.name = "old", .group = "SM2", .usage = "digitalSignature", .until_now = -60});
  office.make({.name = "agreement", .group = "SM2", .usage = "keyAgreement"});
  office.make({.name = "authority", .group = "SM2", .usage = "keyCertSign,digitalSignature", .authority = true});
  office.make({.name = "p384", .usage = "digitalSignature"});
  for (const auto& [name, words] : {std::pair("old", "expired"), std::pair("agreement", "key usage"),
                                    std::pair("authority", "authority"), std::pair("p384", "holds no SM2 key")}) {
    const auto certificate = X509Certificate::read(office.file(std::string(name) + ".crt"));
    CertificateReading reading = reading_of(record_of_signer(certificate));
    const FurtherSignature signature{.signer = certificate, .kind = SignatureKind::sm2, .checked = true};
    (void)judge_further_signatures({&signature, 1}, {}, reading);
    CAPTURE(name);
    REQUIRE(reading.faults.size() == 1);
    CHECK_THAT(reading.faults[0], Catch::Contains("was not allowed to sign") && Catch::Contains(words));
    CHECK(reading.checks.empty());
  }
}

TEST_CASE("what the certificate names and who signed must be one, each in its place") {
  const SecondOffice office;
  const auto certificate = [&](const char* name) {
    return X509Certificate::read(office.file(std::string(name) + ".crt"));
  };
  const FurtherSignature second = signature_by(certificate("second")), third = signature_by(certificate("ed25519"));
  const SignerRecord record = record_of_signer(second.signer), third_record = record_of_signer(third.signer);
  const auto faults = [](const std::vector<FurtherSignature>& signatures, const std::optional<SignerRecord>& named,
                         const std::optional<SignerRecord>& named_third = std::nullopt) {
    CertificateReading reading = reading_of(named, named_third);
    const JudgedSignatures judged = judge_further_signatures(signatures, {}, reading);
    CHECK(judged.refusals.empty());
    return reading.faults;
  };
  CHECK(faults({second}, record).empty());
  CHECK(faults({second, third}, record, third_record).empty());
  CHECK(faults({}, std::nullopt).empty());
  CHECK_THAT(faults({}, record).at(0), Catch::Contains("as its second signer") && Catch::Contains("was taken away"));
  CHECK_THAT(faults({second}, std::nullopt).at(0),
             Catch::Contains("no second signer") && Catch::Contains("added later"));
  CHECK_THAT(faults({second}, record, third_record).at(0),
             Catch::Contains("as its third signer") && Catch::Contains("was taken away"));
  CHECK_THAT(faults({second, third}, record).at(0),
             Catch::Contains("no third signer") && Catch::Contains("added later"));
  CHECK(faults({}, record, third_record).size() == 2);
  CHECK(faults({third}, record, third_record).size() == 2);
  CHECK(faults({third, second}, record, third_record).size() == 2);
  CHECK(faults({second}, std::nullopt, record).size() == 2);
  CHECK(faults({}, std::nullopt, third_record).size() == 1);
  SignerRecord renamed = record, exchanged = record;
  renamed.subject = "CN=State Cryptography Administration";
  exchanged.certificate_sha256 = certificate("other").fingerprint();
  for (const SignerRecord& lie : {renamed, exchanged}) {
    CHECK_THAT(faults({second}, lie).at(0), Catch::Contains("as its second signer, and CN=second signed it"));
    CHECK_THAT(faults({third, second}, third_record, lie).at(0),
               Catch::Contains("as its third signer, and CN=second signed it"));
  }
}

TEST_CASE(
    "a batch with three signatures: each is vouched for by an anchor of its own, or it is said of which none does") {
  const SecondOffice office;
  const IssueRequest request = office.request({"second", "ed25519"});
  const IssueResult result = issue(request, AssessedOffice::services());
  const Json statement = Json::parse(test::unseal_body(result, request));
  const Json& protection = statement["predicate"]["protection"];
  CHECK(protection["second_signer"] == to_json(request.further_signers[0].record()));
  CHECK(protection["third_signer"] == to_json(request.further_signers[1].record()));

  // A certificate that names a third signer alone, or one signer in two places, contradicts itself.
  const auto faults_without = [&](const char* member, const Json& instead) {
    Json lie = statement;
    Json& place = lie["predicate"]["protection"];
    if (instead.is_null()) {
      place.erase(member);
    } else {
      place[member] = instead;
    }
    return read_certificate(lie.dump(1) + "\n").faults;
  };
  CHECK(faults_without("third_signer", nullptr).empty());
  CHECK(says(faults_without("second_signer", nullptr), "a third signer is named, and no second one"));
  for (const char* const other : {"signer", "second_signer"})
    CHECK(says(faults_without("third_signer", protection[other]), "not named by a SHA-256 of its own"));

  const VerifyReport unjudged = office.verify_under({});
  CHECK(unjudged.valid());
  CHECK(says(unjudged.checks, "a second signature, SM2 with SM3, is by the key of CN=second"));
  CHECK(says(unjudged.checks, "a third signature, Ed25519, is by the key of CN=ed25519"));
  CHECK(says(unjudged.certificate.notices, "the second signature is there and not judged"));
  CHECK(says(unjudged.certificate.notices, "the third signature is there and not judged"));
  REQUIRE(unjudged.further_signatures.size() == 2);
  CHECK_FALSE(unjudged.further_signatures[0].vouched);

  // One of them, by the anchor's place or not.
  const VerifyReport third = office.verify_under({"ed25519"});
  CHECK(third.valid());
  CHECK(says(third.checks, "vouches for the third signature"));
  CHECK(says(third.certificate.notices, "the second signature is there and not judged"));
  CHECK_FALSE(third.further_signatures[0].vouched);
  CHECK(third.further_signatures[1].vouched);
  // Both, in either order.
  for (const std::vector<std::string>& trust :
       {std::vector<std::string>{"root", "ed25519"}, {"ed25519", "root"}, {"second", "ed25519"}}) {
    const VerifyReport both = office.verify_under(trust);
    CHECK(both.valid());
    CHECK(both.further_signatures[0].vouched);
    CHECK(both.further_signatures[1].vouched);
    CHECK_FALSE(says(both.certificate.notices, "not judged"));
  }
  // Two words for one signature are one word.
  const VerifyReport same = office.verify_under({"root", "second"});
  REQUIRE(same.faults.size() == 1);
  CHECK_THAT(same.faults[0], Catch::Contains("not by whom is trusted for it"));
  CHECK_FALSE(office.verify_under({"root", "other"}).valid());
  CHECK(office.verify_under({"other", "signer"}).faults.size() == 2);
  CHECK_FALSE(office.verify_under({"root", "ed25519", "second"}).valid());

  // Kinds that must hold, whosever they are.
  CHECK(office.verify_under({}, {SignatureKind::sm2, SignatureKind::ed25519, SignatureKind::ecdsa_p384}).valid());
  const VerifyReport absent = office.verify_under({}, {SignatureKind::sm2, SignatureKind::ed448});
  CHECK(absent.faults.empty());
  REQUIRE(absent.refusals.size() == 1);
  CHECK_THAT(absent.refusals[0], Catch::Contains("no signature of Ed448"));
  CHECK(office.verify_under({"root"}, {SignatureKind::ed25519}).valid());

  // The same call finds it; another third signer, none, or another order is another call.
  CHECK(issue(office.request({"second", "ed25519"}), AssessedOffice::no_source()).already_issued);
  CHECK(test::failure_of(office.request({"second", "p521"}), AssessedOffice::no_source(), "the third signer") ==
        Category::refused);
  CHECK(test::failure_of(office.request({"second"}), AssessedOffice::no_source(), "the third signer") ==
        Category::refused);
  CHECK(test::failure_of(office.request({"ed25519", "second"}), AssessedOffice::no_source(), "the second signer") ==
        Category::refused);
}

TEST_CASE("two trusted for further signatures, and one is there: what is there holds and is not enough") {
  const SecondOffice office;
  (void)issue(office.request({"second"}), AssessedOffice::services());
  const VerifyReport asked = office.verify_under({"second", "ed25519"});
  CHECK(asked.faults.empty());
  REQUIRE(asked.refusals.size() == 1);
  CHECK_THAT(asked.refusals[0], Catch::Contains("CN=ed25519"));
}

TEST_CASE("two further signatures of one kind, or three, are refused before a source is opened") {
  const SecondOffice office;
  CHECK(test::failure_of(office.request({"second", "other"}), AssessedOffice::no_source(), "two further signatures") ==
        Category::usage);
  CHECK(test::failure_of(office.request({"second", "second"}), AssessedOffice::no_source(), "two further signatures") ==
        Category::usage);
  CHECK(test::failure_of(office.request({"second", "ed25519", "p521"}), AssessedOffice::no_source(), "at most 2") ==
        Category::usage);
}

TEST_CASE("a signature that cannot be checked here is no fault and no good one: it meets no demand") {
  const SecondOffice office;
  const FurtherSignature unchecked = unchecked_signature();
  const FurtherSignature sm2 = signature_by(X509Certificate::read(office.file("second.crt")));
  const auto judged_of = [&](const SignatureDemands& demands, CertificateReading& reading) {
    return judge_further_signatures(std::vector{unchecked, sm2}, demands, reading);
  };
  const auto fresh = [&] { return reading_of(record_of_signer(unchecked.signer), record_of_signer(sm2.signer)); };

  CertificateReading plain = fresh();
  const JudgedSignatures nothing_asked = judged_of({}, plain);
  CHECK(plain.faults.empty());
  CHECK(nothing_asked.refusals.empty());
  CHECK(says(plain.notices, "the second signature, of ML-DSA-65 by CN=Second by OpenSSL"));
  CHECK(says(plain.notices, "not checked: this machine's libcrypto"));
  CHECK_FALSE(says(plain.checks, "second signature"));
  CHECK(says(plain.checks, "a third signature, SM2 with SM3"));
  CHECK_FALSE(nothing_asked.all.at(0).checked);

  // By kind, by its own certificate, and beside another that is vouched for.
  const TrustAnchor its_own(unchecked.signer), root = TrustAnchor::read(office.file("root.crt"));
  const std::vector<SignatureDemands> demands{
      {.kinds = {SignatureKind::ml_dsa_65}},
      {.trust = {its_own}},
      {.trust = {root, its_own}},
      {.trust = {TrustAnchor::read(office.file("other.crt"))}},
      {.trust = {root}, .kinds = {SignatureKind::sm2, SignatureKind::ml_dsa_65}}};
  for (const SignatureDemands& asked : demands) {
    CertificateReading reading = fresh();
    const JudgedSignatures judged = judged_of(asked, reading);
    CHECK(reading.faults.empty());
    REQUIRE(judged.refusals.size() == 1);
    CHECK_THAT(judged.refusals[0], Catch::Contains("does not offer ML-DSA-65; one of 3.5 or later does"));
    CHECK_FALSE(judged.all.at(0).vouched);
  }
  // The other one, which was checked, is as good as ever.
  CertificateReading reading = fresh();
  const JudgedSignatures judged = judged_of({.trust = {root}, .kinds = {SignatureKind::sm2}}, reading);
  CHECK(judged.refusals.empty());
  CHECK(judged.all.at(1).vouched);
}

TEST_CASE(
    "a signer of another kind under an authority of ML-DSA: itself trusted it is good, or that cannot be seen here") {
  const std::filesystem::path folder = test::signed_by_openssl().certificate_file.parent_path();
  const FurtherSignature ed25519 = signature_by(X509Certificate::read(folder / "ed25519.crt"));
  const TrustAnchor root = TrustAnchor::read(folder / "root.crt");
  const bool here = is_available(SignatureKind::ml_dsa_65);
  REQUIRE(ed25519.kind == SignatureKind::ed25519);
  CHECK(ed25519.signer.has_known_signature() == here);
  for (const bool itself : {true, false}) {
    CertificateReading reading = reading_of(record_of_signer(ed25519.signer));
    const TrustAnchor anchor = itself ? TrustAnchor(ed25519.signer) : root;
    const JudgedSignatures judged =
        judge_further_signatures({&ed25519, 1}, {.trust = {anchor}, .kinds = {SignatureKind::ed25519}}, reading);
    CHECK(says(reading.checks, "a second signature, Ed25519, is by the key of CN=Ed25519 under ML-DSA"));
    CHECK(judged.all.at(0).vouched == (here && itself));
    if (!here) {
      CHECK(reading.faults.empty());
      REQUIRE(judged.refusals.size() == 1);
      CHECK_THAT(judged.refusals[0], Catch::Contains("cannot be seen here"));
      continue;
    }
    // An authority of ML-DSA vouches for signatures of its own kind alone.
    CHECK(judged.refusals.empty());
    CHECK(reading.faults.size() == (itself ? 0 : 1));
    if (!itself) CHECK_THAT(reading.faults.at(0), Catch::Contains("cannot issue certificates"));
  }
  CertificateReading plain = reading_of(record_of_signer(ed25519.signer));
  CHECK(judge_further_signatures({&ed25519, 1}, {}, plain).refusals.empty());
  CHECK(plain.faults.empty());
  CHECK(says(plain.notices, "not judged"));
}

TEST_CASE("of a signature that cannot be checked here all else is looked at") {
  const SecondOffice office;
  const FurtherSignature unchecked = unchecked_signature();
  const auto faults = [&](CertificateReading reading) {
    (void)judge_further_signatures({&unchecked, 1}, {}, reading);
    return reading.faults;
  };
  const SignerRecord record = record_of_signer(unchecked.signer);
  CHECK(faults(reading_of(record)).empty());
  CHECK_THAT(faults(reading_of(std::nullopt)).at(0), Catch::Contains("was added later"));
  SignerRecord renamed = record, exchanged = record;
  renamed.subject = "CN=Somebody";
  exchanged.certificate_sha256 = X509Certificate::read(office.file("other.crt")).fingerprint();
  for (const SignerRecord& lie : {renamed, exchanged})
    CHECK_THAT(faults(reading_of(lie)).at(0), Catch::Contains("and CN=Second by OpenSSL"));
  CHECK(faults(reading_of(record, record)).size() == 1);
  CertificateReading early = reading_of(record);
  early.batch.created = "2001-01-01T00:00:00Z";
  CHECK_THAT(faults(early).at(0), Catch::Contains("was not allowed to sign") && Catch::Contains("not valid before"));
}

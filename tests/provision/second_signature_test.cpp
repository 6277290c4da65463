// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch.hpp>
#include <filesystem>
#include <optional>
#include <string>

#include "core/clock.h"
#include "crypto/dsse.h"
#include "provision/issue.h"
#include "provision/open_batch.h"
#include "provision/second_signature.h"
#include "provision/verify.h"
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
  }
  void make(const test::CertificateWish& wish) const { test::make_certificate(path("x").parent_path(), wish); }
  [[nodiscard]] IssueRequest request(const std::string& second = "second") const {
    IssueRequest request = AssessedOffice::request();
    request.second_signer.emplace(file(second + ".crt"), file(second + ".key"), std::time(nullptr));
    return request;
  }
  [[nodiscard]] VerifyReport verify_under(const std::optional<std::string>& trust) const {
    VerifyRequest request;
    request.policy.allow_test = true;
    if (trust) request.policy.second_trust = TrustAnchor::read(file(*trust + ".crt"));
    return lightseed::verify(path("out"), TrustAnchor::read(file("signer.crt")), request);
  }
};

bool says(const std::vector<std::string>& sentences, const std::string& words) {
  return std::ranges::any_of(sentences, [&](const std::string& one) { return one.find(words) != std::string::npos; });
}

/// A reading of a certificate created now, with this second signer on record.
CertificateReading reading_of(const std::optional<SignerRecord>& named) {
  CertificateReading reading;
  reading.batch.created = utc_text(std::time(nullptr));
  reading.batch.second_signer = named;
  return reading;
}

}  // namespace

TEST_CASE("a batch with a second signature: present and not judged, or vouched for, or not by whom is trusted") {
  const SecondOffice office;
  const IssueRequest request = office.request();
  const IssueResult result = issue(request, AssessedOffice::services());
  const Json statement = Json::parse(test::unseal_body(result, request));
  CHECK(statement["predicate"]["protection"]["second_signer"] == to_json(request.second_signer->record()));

  const VerifyReport unjudged = office.verify_under(std::nullopt);
  CHECK(unjudged.valid());
  CHECK(says(unjudged.checks, "SM2 with SM3, is by the key of CN=second"));
  CHECK(says(unjudged.certificate.notices, "not judged"));
  for (const char* const trust : {"second", "root"}) {
    const VerifyReport trusted = office.verify_under(trust);
    CHECK(trusted.valid());
    CHECK(says(trusted.checks, "vouches for the second signature"));
    CHECK_FALSE(says(trusted.certificate.notices, "not judged"));
  }
  for (const char* const trust : {"other", "signer", "perso"}) {
    const VerifyReport foreign = office.verify_under(trust);
    CAPTURE(trust);
    REQUIRE(foreign.faults.size() == 1);
    CHECK_THAT(foreign.faults[0], Catch::Contains("not by whom is trusted for it"));
  }
  // Who asks for the ordinary signature by the second signer's word gets nothing.
  CHECK_THROWS_AS(lightseed::verify(office.path("out"), TrustAnchor::read(office.file("second.crt"))), Error);
  CHECK(read_sealed_certificate(office.path("out"), TrustAnchor::read(office.file("signer.crt"))).second_signer);
}

TEST_CASE("a batch without a second signature is as it was, and refused where one is asked for") {
  const SecondOffice office;
  const IssueRequest request = office.AssessedOffice::request();
  const IssueResult result = issue(request, AssessedOffice::services());
  CHECK_FALSE(Json::parse(test::unseal_body(result, request))["predicate"]["protection"].contains("second_signer"));
  CHECK(office.verify_under(std::nullopt).valid());
  const VerifyReport asked = office.verify_under("second");
  CHECK(asked.faults.empty());
  REQUIRE(asked.refusals.size() == 1);
  CHECK_THAT(asked.refusals[0], Catch::Contains("no second signature"));
}

TEST_CASE("the same call finds the batch again; another second signer, or none, is another call") {
  const SecondOffice office;
  REQUIRE_FALSE(issue(office.request(), AssessedOffice::services()).already_issued);
  CHECK(issue(office.request(), AssessedOffice::no_source()).already_issued);
  CHECK(test::failure_of(office.request("other"), AssessedOffice::no_source(), "the second signer") ==
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
    CertificateReading reading =
        reading_of(SignerRecord{.subject = certificate.subject(), .certificate_sha256 = certificate.fingerprint()});
    judge_second_signature(certificate, std::nullopt, reading);
    CAPTURE(name);
    REQUIRE(reading.faults.size() == 1);
    CHECK_THAT(reading.faults[0], Catch::Contains("was not allowed to sign") && Catch::Contains(words));
    CHECK(reading.checks.empty());
  }
}

TEST_CASE("what the certificate names and who signed must be one") {
  const SecondOffice office;
  const auto second = X509Certificate::read(office.file("second.crt"));
  const SignerRecord record{.subject = second.subject(), .certificate_sha256 = second.fingerprint()};
  const auto faults = [](const std::optional<X509Certificate>& signer, const std::optional<SignerRecord>& named) {
    CertificateReading reading = reading_of(named);
    judge_second_signature(signer, std::nullopt, reading);
    return reading.faults;
  };
  CHECK(faults(second, record).empty());
  CHECK(faults(std::nullopt, std::nullopt).empty());
  CHECK_THAT(faults(std::nullopt, record).at(0), Catch::Contains("was taken away"));
  CHECK_THAT(faults(second, std::nullopt).at(0), Catch::Contains("was added later"));
  SignerRecord renamed = record, exchanged = record;
  renamed.subject = "CN=State Cryptography Administration";
  exchanged.certificate_sha256 = X509Certificate::read(office.file("other.crt")).fingerprint();
  for (const SignerRecord& lie : {renamed, exchanged})
    CHECK_THAT(faults(second, lie).at(0), Catch::Contains("as its second signer, and CN=second signed it"));
}

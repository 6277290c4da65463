// SPDX-License-Identifier: Apache-2.0
// What certificates of edition 2 may hold since it was published: a golden batch of a calibrated source that was looked
// at in the dark, the second of its ledger, released by a second person and stamped; and one of three signatures. They
// verify for ever.
#include <catch2/catch.hpp>
#include <filesystem>
#include <string>
#include <vector>

#include "core/atomic_file.h"
#include "core/json.h"
#include "crypto/dsse.h"
#include "provision/certificate.h"
#include "provision/verify.h"
#include "tests/test_paths.h"

using namespace lightseed;
namespace fs = std::filesystem;

namespace {

fs::path golden_file(const std::string& name) {
  return fs::path(test::data_folder()) / "golden" / name;
}

TrustAnchor trust(const std::string& certificate) {
  return TrustAnchor::read(golden_file(certificate).string());
}

VerifyRequest request() {
  VerifyRequest request;
  request.policy.allow_test = true;
  request.policy.release_trust = trust("edition_2/releaser.crt");
  request.policy.time_stamp_trust = TimeStampTrust::read(golden_file("edition_2/tsa.crt").string());
  request.previous = golden_file("edition_2/released/before.certificate.json");
  return request;
}

}  // namespace

TEST_CASE("a golden batch that was released, stamped, chained and looked at in the dark verifies for ever") {
  const TrustAnchor signer = trust("edition_1/signer.crt");
  const VerifyReport report = verify(golden_file("edition_2/released/batch"), signer, request());
  CHECK(report.faults == std::vector<std::string>{});
  CHECK(report.refusals == std::vector<std::string>{});
  CHECK(report.released);
  REQUIRE(report.certificate.notices.size() == 2);
  CHECK_THAT(report.certificate.notices[0], Catch::StartsWith("the claim rests on a calibration of 2026-11-28"));
  CHECK_THAT(report.certificate.notices[1], Catch::StartsWith("the source was looked at without its light"));
  REQUIRE(report.time_stamp);
  const CertifiedBatch& batch = report.certificate.batch;
  const fs::path certificate = golden_file("edition_2/released/batch") / certificate_name(batch.id);
  CHECK_FALSE(batch.previous_certificate_sha256.empty());
  const std::string body =
      unseal(certificate_payload_type, read_text_file(certificate, largest_certificate), signer).body;
  CHECK(Json::parse(body).at("/predicate/source/claim/details/calibration/dark_check/every"_json_pointer) == 1 << 20);
}

TEST_CASE("a golden batch of three signatures, ML-DSA-65 and SM2 beside the first, verifies for ever") {
  const fs::path batch = golden_file("edition_2/three_signatures");
  const auto verified = [&](const SignatureDemands& demands) {
    VerifyRequest asked;
    asked.policy.allow_test = true;
    asked.policy.signatures = demands;
    return verify(batch, trust("edition_1/signer.crt"), asked);
  };
  const bool here = is_available(SignatureKind::ml_dsa_65);
  const TrustAnchor by_ml_dsa = TrustAnchor::read(fs::path(test::data_folder()) / "ml_dsa_65/second.crt");
  const TrustAnchor by_sm2 = trust("edition_2/three_signatures.third.crt");

  const VerifyReport plain = verified({});
  CHECK(plain.valid());
  REQUIRE(plain.further_signatures.size() == 2);
  CHECK(plain.further_signatures[0].kind == SignatureKind::ml_dsa_65);
  CHECK(plain.further_signatures[0].checked == here);
  CHECK(plain.further_signatures[1].kind == SignatureKind::sm2);
  CHECK(plain.further_signatures[1].checked);
  const std::string notice = plain.certificate.notices.at(0);
  CHECK_THAT(notice, Catch::StartsWith(here ? "the second signature is there and not judged"
                                            : "the second signature, of ML-DSA-65 by CN=Second by OpenSSL"));
  CHECK(verified({.trust = {by_sm2}, .kinds = {SignatureKind::sm2}}).valid());

  // What rests on ML-DSA is good where that can be checked, and refused where it cannot.
  for (const SignatureDemands& demands :
       {SignatureDemands{.trust = {by_ml_dsa}}, SignatureDemands{.trust = {by_sm2, by_ml_dsa}},
        SignatureDemands{.kinds = {SignatureKind::ml_dsa_65, SignatureKind::sm2}}}) {
    const VerifyReport report = verified(demands);
    CHECK(report.faults.empty());
    CHECK(report.valid() == here);
    if (here) continue;
    REQUIRE(report.refusals.size() == 1);
    CHECK_THAT(report.refusals[0], Catch::EndsWith("does not offer ML-DSA-65; one of 3.5 or later does"));
  }
}

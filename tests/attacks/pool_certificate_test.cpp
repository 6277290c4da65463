// SPDX-License-Identifier: Apache-2.0
// Certificates of pools: as they are issued, and as they were before each member's gate was on record.
#include <catch2/catch.hpp>
#include <filesystem>
#include <string>
#include <string_view>

#include "core/atomic_file.h"
#include "crypto/dsse.h"
#include "provision/verify.h"
#include "tests/attacks/mutations.h"
#include "tests/provision/is_believed.h"
#include "tests/test_paths.h"

using namespace lightseed;
namespace fs = std::filesystem;

namespace {

fs::path golden_file(const std::string& name) {
  return fs::path(test::data_folder()) / "golden" / name;
}

/// Both batches are sealed by the signer of edition 1's.
TrustAnchor signer() {
  return TrustAnchor::read(golden_file("edition_1/signer.crt"));
}

VerifyReport report_of(const std::string& batch) {
  VerifyRequest request;
  request.policy.allow_test = true;
  return verify(golden_file(batch), signer(), request);
}

std::string pool_body(const std::string& batch) {
  for (const auto& entry : fs::directory_iterator(golden_file(batch))) {
    if (entry.path().extension() != ".json") continue;
    return unseal(certificate_payload_type, read_text_file(entry.path(), largest_certificate), signer()).body;
  }
  return {};
}

/// What a signer may tell of a gate without contradicting anything else.
constexpr std::string_view free_of_gates[] = {"/predicate/health/alpha_log2",
                                              "/predicate/health/start_up_samples",
                                              "/predicate/health/samples_discarded",
                                              "/predicate/health/members/0/health/start_up_samples",
                                              "/predicate/health/members/0/health/samples_discarded",
                                              "/predicate/health/members/1/health/start_up_samples",
                                              "/predicate/health/members/1/health/samples_discarded",
                                              "/predicate/health/members/2/health/start_up_samples",
                                              "/predicate/health/members/2/health/samples_discarded",
                                              "/predicate/health/members/2/health/running",  // it has left
                                              "/predicate/health/members/2/left"};

std::size_t lies_about_gates(const std::string& batch) {
  const std::string body = pool_body(batch);
  REQUIRE(test::is_believed(body));
  return test::tell_lies(
      batch, Json::parse(body),
      [](const std::string& member) {
        return member.starts_with("/predicate/health") || member.starts_with("/predicate/source/raw_bytes") ||
               member.starts_with("/predicate/source/driver");
      },
      free_of_gates);
}

}  // namespace

TEST_CASE("a batch from a pool verifies, says who left, and no lie about its members' gates is believed") {
  const VerifyReport report = report_of("edition_2/pool");
  CHECK(report.faults == std::vector<std::string>{});
  CHECK(report.refusals == std::vector<std::string>{});
  REQUIRE(report.certificate.notices.size() == 1);
  CHECK_THAT(report.certificate.notices[0],
             Catch::StartsWith("file:short.bin left the pool (end-of-data): file:short.bin ended after 294912"));
  CHECK(lies_about_gates("edition_2/pool") > 200);
}

TEST_CASE("a batch of a pool from before its members' gates were on record verifies as ever") {
  const VerifyReport report = report_of("edition_2/pool_one_gate");
  CHECK(report.faults == std::vector<std::string>{});
  CHECK(report.refusals == std::vector<std::string>{});
  CHECK(report.certificate.notices == std::vector<std::string>{"a member of the pool left: end of short.bin"});
  CHECK(lies_about_gates("edition_2/pool_one_gate") > 50);
}

// SPDX-License-Identifier: Apache-2.0
#include "evidence/audit_record.h"

#include <catch2/catch.hpp>

#include "core/error.h"

using namespace lightseed;

namespace {

AuditRecord sample() {
  AuditRecord audit;
  audit.file = "x.bin";
  audit.form = "packed";
  audit.sha256 = "00";
  audit.bytes = 125'000;
  audit.bits = 1'000'000;
  audit.warnings = {"a warning"};
  AuditTest excursions{.id = "random-excursions", .clause = "2.14"};
  excursions.items.resize(2);
  excursions.items[0] = {.sequences = 1, .least = 0.25, .greatest = 0.25, .uniformity = 0.5};
  excursions.items[0].bins[2] = 1;
  excursions.p = {0.25, std::nullopt};
  excursions.q = {0.125, std::nullopt};
  excursions.figures = {{"cycles", 512}};
  AuditTest rank{.id = "rank", .clause = "2.5", .outcome = AuditOutcome::not_run, .needed_bits = 38'912};
  AuditTest poker{.id = "poker", .clause = "4.9.1"};
  poker.blocks = {.blocks = 50, .failed = 1, .rate = 1e-4, .joint = 0.01};
  audit.suites.push_back({.id = "s", .profile = "corrected", .sequences = 1, .sequence_bits = 8, .listed = 1});
  audit.suites.back().tests = {excursions, rank, poker};
  audit.verdict.outcome = AuditOutcome::retest;
  audit.verdict.chance = 1e-4;
  audit.verdict.groups = {{"s", "poker", 0.01, 0.02}};
  audit.verdict.more_data = 1.5;
  return audit;
}

}  // namespace

TEST_CASE("an audit is read back to the letter") {
  const Json json = to_json(sample());
  const AuditRecord again = audit_record_from(json, "audit");
  CHECK(to_json(again) == json);
  CHECK(again.suites.at(0).tests.at(0).p == std::vector<std::optional<double>>{0.25, std::nullopt});
  CHECK(json["suites"][0]["tests"][0]["p"].dump() == "[0.25,null]");
  CHECK(json["suites"][0]["tests"][1]["outcome"] == "not-run");
}

TEST_CASE("an audit that is none is refused") {
  const auto refused = [](const std::string& pointer, const Json& value) {
    Json json = to_json(sample());
    json[Json::json_pointer(pointer)] = value;
    CAPTURE(pointer);
    try {
      static_cast<void>(audit_record_from(json, "audit"));
      FAIL("taken");
    } catch (const Error& error) {
      CHECK(error.category() == Category::malformed);
    }
  };
  refused("/surprise", 1);
  refused("/suites", 1);
  refused("/suites/0", 1);
  refused("/suites/0/tests", "x");
  refused("/suites/0/tests/0", 1);
  refused("/suites/0/tests/0/p", Json::array({2}));
  refused("/suites/0/tests/0/p", Json::array({"0.5"}));
  refused("/suites/0/tests/0/p", 0.5);
  refused("/suites/0/tests/0/items/0/bins", Json::array({1}));
  refused("/suites/0/tests/1/outcome", "fine");
  refused("/verdict/chance", 1.5);
  refused("/verdict/groups/0/p", nullptr);
  CHECK_THROWS_AS(audit_record_from(Json(5), "audit"), Error);
}

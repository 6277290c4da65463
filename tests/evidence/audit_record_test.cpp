// SPDX-License-Identifier: Apache-2.0
#include "evidence/audit_record.h"

#include <catch2/catch.hpp>

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

TEST_CASE("an audit is written with a null where a p-value does not apply, and without what a suite does not have") {
  const Json json = to_json(sample());
  const Json& suite = json["suites"][0];
  CHECK(suite["tests"][0]["p"].dump() == "[0.25,null]");
  CHECK(suite["tests"][0]["q"].dump() == "[0.125,null]");
  CHECK(suite["tests"][0]["items"][1]["uniformity"].is_null());
  CHECK(suite["tests"][1]["outcome"] == "not-run");
  CHECK(suite["tests"][1]["needed_bits"] == 38'912);
  CHECK_FALSE(suite["tests"][1].contains("items"));
  CHECK(suite["tests"][2]["blocks"]["failed"] == 1);
  CHECK_FALSE(suite.contains("parameters"));
  CHECK(json["verdict"]["groups"][0]["adjusted"] == 0.02);
  CHECK(json["verdict"]["more_data"] == 1.5);
}

TEST_CASE("an audit says whether parameters were compared with the standard's own") {
  AuditRecord audit = sample();
  audit.suites[0].parameters = {.verified = false, .origin = "somewhere"};
  CHECK(to_json(audit)["suites"][0]["parameters"].dump() == R"({"verified":false,"origin":"somewhere"})");
}

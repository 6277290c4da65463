#include "stats/sp800_90b/assessment_faults.h"

#include <catch2/catch.hpp>
#include <cstdint>
#include <vector>

#include "stats/sp800_90b/assessment.h"
#include "stats/sp800_90b/iid/iid_assessment.h"
#include "tests/stats/sp800_90b/generators.h"

using namespace lightseed;
using namespace lightseed::sp800_90b;

namespace {

std::vector<std::uint8_t> uniform(unsigned width, std::size_t samples) {
  Xoshiro random(4, width);
  std::vector<std::uint8_t> data(samples);
  for (auto& sample : data)
    sample = static_cast<std::uint8_t>(random() >> (64 - width));
  return data;
}

/// As a verifier meets it: written and read again.
Json read_again(const Json& json) {
  return Json::parse(json.dump());
}

Json& estimate_of(Json& assessment, const std::string& id, const std::string& view) {
  for (Json& estimate : assessment["estimators"]) {
    if (estimate["id"] == id && estimate["data"] == view) return estimate;
  }
  throw std::logic_error("no such estimate");
}

}  // namespace

TEST_CASE("an honest assessment has no faults") {
  for (const unsigned width : {1U, 2U, 5U, 8U}) {
    CAPTURE(width);
    const auto data = uniform(width, 20'000);
    CHECK(faults_of_assessment(read_again(to_json(assess(data, {.width = width})))).empty());
    const auto iid = assess_iid(data, {.width = width, .permutation = {.seed = 1, .rounds = 200}});
    CHECK(faults_of_assessment(read_again(to_json(iid))).empty());
  }
  // Two values of four; and one alone.
  auto data = uniform(1, 20'000);
  CHECK(faults_of_assessment(read_again(to_json(assess(data, {.width = 2})))).empty());
  std::fill(data.begin(), data.end(), std::uint8_t{1});
  CHECK(faults_of_assessment(read_again(to_json(assess(data, {.width = 2})))).empty());
}

TEST_CASE("an estimate that does not follow from its counts is found") {
  const Json honest = to_json(assess(uniform(4, 20'000), {.width = 4}));
  for (const Json& estimate : honest["estimators"]) {
    if (estimate.contains("not_run")) continue;
    Json forged = honest;
    const auto id = estimate["id"].get<std::string>();
    const auto view = estimate["data"].get<std::string>();
    CAPTURE(id, view);
    estimate_of(forged, id, view)["min_entropy"] = estimate["min_entropy"].get<double>() + 1e-9;
    // Where it binds, the sums above it no longer hold either.
    const auto faults = faults_of_assessment(forged);
    REQUIRE_FALSE(faults.empty());
    CHECK(faults.front() == "the " + id + " estimate on the " + view + " data does not follow from its counts");
  }
}

TEST_CASE("an assessment that leaves something out, or sums up wrongly, is found") {
  const Json honest = to_json(assess(uniform(4, 20'000), {.width = 4}));
  SECTION("each estimate is needed") {
    for (std::size_t i = 0; i < honest["estimators"].size(); ++i) {
      Json forged = honest;
      forged["estimators"].erase(i);
      CAPTURE(i);
      CHECK_FALSE(faults_of_assessment(forged).empty());
    }
  }
  SECTION("each sum is checked") {
    for (const char* name : {"h_original", "h_bitstring", "min_entropy"}) {
      Json forged = honest;
      forged[name] = honest[name].get<double>() + 1e-9;
      CAPTURE(name);
      CHECK(faults_of_assessment(forged).size() == 1);
    }
  }
  SECTION("nonsense is refused before anything is computed from it") {
    for (const auto& [name, value] : std::vector<std::pair<const char*, Json>>{
             {"bits", 0}, {"bits", 9}, {"alphabet", 0}, {"alphabet", 17}, {"samples", 999}}) {
      Json forged = honest;
      forged[name] = value;
      CAPTURE(name);
      CHECK(faults_of_assessment(forged).size() == 1);
    }
    Json forged = honest;
    forged["track"] = "another";
    CHECK_FALSE(faults_of_assessment(forged).empty());
    CHECK_THROWS_AS(faults_of_assessment(Json::object()), Json::exception);
  }
}

TEST_CASE("an IID verdict that does not follow from its tests is found") {
  const auto iid = assess_iid(uniform(4, 20'000), {.width = 4, .permutation = {.seed = 1, .rounds = 200}});
  REQUIRE(iid.passed());
  const Json honest = to_json(iid);
  SECTION("a failed test does not pass") {
    Json forged = honest;
    forged["tests"][7]["c0"] = 0;
    forged["tests"][7]["c1"] = 0;
    CHECK(faults_of_assessment(forged).size() == 2);  // the test's own verdict, and the whole
    forged["tests"][7]["passed"] = false;
    CHECK(faults_of_assessment(forged).size() == 1);
    forged["passed"] = false;
    CHECK(faults_of_assessment(forged).empty());
  }
  SECTION("a test that was not run proves nothing") {
    Json forged = honest;
    forged["tests"][21] = {{"id", "compression"}, {"original", 1.0}, {"not_run", "for no reason"}};
    CHECK_FALSE(faults_of_assessment(forged).empty());
    forged["tests"].erase(21);
    CHECK_FALSE(faults_of_assessment(forged).empty());
  }
}

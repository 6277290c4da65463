// SPDX-License-Identifier: Apache-2.0
#include "stats/sp800_90b/assessment_faults.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <cstdint>
#include <vector>

#include "core/error.h"
#include "stats/sp800_90b/assessment.h"
#include "stats/sp800_90b/iid/iid_assessment.h"
#include "tests/stats/sp800_90b/generators.h"

using namespace lightseed;
using namespace lightseed::sp800_90b;

namespace {

std::vector<std::uint8_t> uniform_samples(unsigned width, std::size_t samples) {
  Xoshiro random(4, width);
  std::vector<std::uint8_t> data(samples);
  for (auto& sample : data)
    sample = static_cast<std::uint8_t>(random() >> (64 - width));
  return data;
}

/// As a verifier meets it: written and read again.
AssessmentRecord read_again(const Json& json) {
  const Json again = Json::parse(json.dump());
  return assessment_from(ObjectReader(again, ""));
}

std::vector<std::string> faults_of(const Json& json) {
  return faults_of_assessment(read_again(json));
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
    const auto data = uniform_samples(width, 20'000);
    CHECK(faults_of(Json::parse(to_json(assess(data, {.width = width})).dump())).empty());
    const auto iid = assess_iid(data, {.width = width, .permutation = {.seed = 1, .rounds = 200}});
    CHECK(faults_of(Json::parse(to_json(iid).dump())).empty());
  }
  // Two values of four; and one alone.
  auto data = uniform_samples(1, 20'000);
  CHECK(faults_of(Json::parse(to_json(assess(data, {.width = 2})).dump())).empty());
  std::fill(data.begin(), data.end(), std::uint8_t{1});
  CHECK(faults_of(Json::parse(to_json(assess(data, {.width = 2})).dump())).empty());
}

TEST_CASE("an estimate that does not follow from its counts is found") {
  const Json honest = to_json(assess(uniform_samples(4, 20'000), {.width = 4}));
  for (const Json& estimate : honest["estimators"]) {
    if (estimate.contains("not_run")) continue;
    Json forged = honest;
    const auto id = estimate["id"].get<std::string>();
    const auto view = estimate["data"].get<std::string>();
    CAPTURE(id, view);
    estimate_of(forged, id, view)["min_entropy"] = estimate["min_entropy"].get<double>() + 1e-9;
    // Where it binds, the sums above it no longer hold either.
    const auto faults = faults_of(forged);
    REQUIRE_FALSE(faults.empty());
    CHECK(faults.front() == "the " + id + " estimate on the " + view + " data does not follow from its counts");
  }
}

TEST_CASE("a number that does not follow from the counts is found") {
  const Json honest = to_json(assess(uniform_samples(4, 20'000), {.width = 4}));
  REQUIRE(faults_of(honest).empty());
  std::size_t seen = 0;
  for (std::size_t i = 0; i < honest["estimators"].size(); ++i) {
    for (const auto& [name, value] : honest["estimators"][i].items()) {
      if (name == "id" || name == "data" || name == "t" || name == "u" || name == "v") continue;
      if (!value.is_number()) continue;
      Json forged = honest;
      Json& number = forged["estimators"][i][name];
      number = value.is_number_unsigned() ? Json(value.get<std::uint64_t>() + 1) : Json(value.get<double>() * 0.999);
      CAPTURE(i, name);
      // A smaller result than the binding one may be the binding's own fault, found while reading.
      const auto found = [&] {
        try {
          return !faults_of(forged).empty();
        } catch (const Error&) {
          return true;
        }
      };
      // A run decides only where it is very long; elsewhere nothing follows from it.
      if (name != "run") CHECK(found());
      forged["estimators"][i].erase(name);
      CHECK(found());
      ++seen;
    }
    Json forged = honest;
    forged["estimators"][i]["luck"] = 1;
    CHECK_FALSE(faults_of(forged).empty());
  }
  CHECK(seen > 60);
}

TEST_CASE("an estimator that is said not to have run is found") {
  for (const unsigned width : {1U, 4U, 8U}) {
    // Windows of the real length are dear here: what may be lacking depends on the length alone.
    AssessmentRecord record = assess(uniform_samples(width, 20'000), {.width = width});
    REQUIRE(faults_of_assessment(record).empty());
    record.samples = wanted_samples;  // the numbers no longer follow; whether it is complete does
    const std::size_t count = record.estimates.size();
    for (std::size_t i = 0; i < count; ++i) {
      AssessmentRecord forged = record;
      forged.estimates[i].not_run = "-";
      forged.estimates[i].numbers.clear();
      CAPTURE(width, forged.estimates[i].id);
      CHECK_FALSE(is_complete(forged));
    }
    for (EstimateRecord& estimate : record.estimates) {
      estimate.not_run = "-";
      estimate.numbers.clear();
    }
    record.h_original.reset();
    record.h_bitstring.reset();
    record.min_entropy = width;
    const auto faults = faults_of(to_json(record));
    REQUIRE(faults.size() == 1);
    CHECK(faults[0].find("these estimates are missing: mcv on the literal data, ") != std::string::npos);
  }
}

TEST_CASE("an estimate that nobody asked for, or twice, is found") {
  const AssessmentRecord honest = assess(uniform_samples(4, 20'000), {.width = 4});
  const auto with = [&](const EstimateRecord& estimate) {
    AssessmentRecord forged = honest;
    forged.estimates.push_back(estimate);
    return faults_of_assessment(forged);
  };
  CHECK_FALSE(with({.id = "luck", .min_entropy = 4}).empty());
  CHECK_FALSE(with(honest.estimates.front()).empty());
  CHECK_FALSE(with({.id = "markov", .view = DataView::literal, .not_run = "-"}).empty());
}

TEST_CASE("a screen that says what it is has no faults, and is no assessment") {
  AssessmentRecord screen = assess(uniform_samples(4, 20'000), {.width = 4, .only = {"mcv", "lag"}});
  CHECK_FALSE(screen.complete);
  CHECK(faults_of(to_json(screen)).empty());
  screen.complete = true;
  CHECK(faults_of(to_json(screen)).size() == 1);
}

TEST_CASE("an assessment that leaves something out, or sums up wrongly, is found") {
  const Json honest = to_json(assess(uniform_samples(4, 20'000), {.width = 4}));
  SECTION("each estimate is needed") {
    for (std::size_t i = 0; i < honest["estimators"].size(); ++i) {
      Json forged = honest;
      forged["estimators"].erase(i);
      CAPTURE(i);
      if (forged["estimators"].size() > 0 && honest["binding"]["id"] == honest["estimators"][i]["id"] &&
          honest["binding"]["data"] == honest["estimators"][i]["data"]) {
        CHECK_THROWS_AS(faults_of(forged), Error);
      } else {
        CHECK_FALSE(faults_of(forged).empty());
      }
    }
  }
  SECTION("each sum is checked") {
    for (const char* name : {"h_original", "h_bitstring", "min_entropy"}) {
      Json forged = honest;
      forged[name] = honest[name].get<double>() + 1e-9;
      CAPTURE(name);
      CHECK(faults_of(forged).size() == 1);
    }
  }
  SECTION("nonsense is refused before anything is computed from it") {
    for (const auto& [name, value] : std::vector<std::pair<const char*, Json>>{
             {"bits", 0}, {"bits", 9}, {"bits", 4.0}, {"alphabet", 257}, {"samples", -1}}) {
      Json forged = honest;
      forged[name] = value;
      CAPTURE(name);
      CHECK_THROWS_AS(faults_of(forged), Error);
    }
    for (const auto& [name, value] :
         std::vector<std::pair<const char*, Json>>{{"alphabet", 0}, {"alphabet", 17}, {"samples", 999}}) {
      Json forged = honest;
      forged[name] = value;
      CAPTURE(name);
      CHECK(faults_of(forged).size() == 1);
    }
    Json forged = honest;
    forged["track"] = "another";
    CHECK_THROWS_AS(faults_of(forged), Error);
    CHECK_THROWS_AS(faults_of(Json::object()), Error);
    forged = honest;
    forged["luck"] = 7;
    CHECK_THROWS_AS(faults_of(forged), Error);
  }
}

TEST_CASE("numbers at the edge of what a record may state are refused, at once and in words") {
  // 2^58 samples of which nearly all are equal: the sums behind the estimate would never end, nor would their table.
  Json endless = to_json(assess(uniform_samples(8, 20'000), {.width = 8}));
  endless["samples"] = std::uint64_t{288'230'376'151'711'743};
  for (const double mean : {0.0, 1e-9, 0.005}) {
    Json& compression = estimate_of(endless, "compression", "bitstring");
    compression["mean"] = mean;
    compression["sigma"] = 0;
    const auto faults = faults_of(endless);
    CHECK(std::ranges::count(faults,
                             "the compression estimate on the bitstring data does not follow from its counts") == 1);
  }
  // A thousand times the same estimate is computed once.
  Json again = to_json(assess(uniform_samples(8, 20'000), {.width = 8}));
  const Json compression = estimate_of(again, "compression", "bitstring");
  again["estimators"].push_back(compression);
  CHECK(faults_of(again) == std::vector<std::string>{"the compression estimate on the bitstring data is there twice"});
  Json negative =
      to_json(assess_iid(uniform_samples(4, 20'000), {.width = 4, .permutation = {.seed = 1, .rounds = 50}}));
  negative["tests"][0]["t"] = -1;
  negative["tests"][0]["df"] = 1;
  CHECK_THROWS_AS(faults_of(negative), Error);
}

TEST_CASE("an IID verdict that does not follow from its tests is found") {
  const auto iid = assess_iid(uniform_samples(4, 20'000), {.width = 4, .permutation = {.seed = 1, .rounds = 200}});
  REQUIRE(iid.passed());
  const Json honest = to_json(iid);
  SECTION("a failed test does not pass") {
    Json forged = honest;
    forged["tests"][7]["c0"] = 0;
    forged["tests"][7]["c1"] = 0;
    CHECK(faults_of(forged).size() == 2);  // the test's own verdict, and the whole
    forged["tests"][7]["passed"] = false;
    CHECK(faults_of(forged).size() == 1);
    forged["passed"] = false;
    CHECK(faults_of(forged).empty());
  }
  SECTION("a p-value follows from its statistic") {
    for (const int test : {0, 1, 2}) {
      Json forged = honest;
      forged["tests"][test]["p"] = honest["tests"][test]["p"].get<double>() * 0.999;
      CAPTURE(test);
      CHECK(faults_of(forged).size() == 1);
    }
  }
  SECTION("tests are those of the standard, in its order") {
    Json forged = honest;
    std::swap(forged["tests"][4], forged["tests"][5]);
    CHECK(faults_of(forged).size() == 1);
  }
  SECTION("a test that was not run proves nothing") {
    Json forged = honest;
    forged["tests"][21] = {{"id", "compression"}, {"original", 1.0}, {"not_run", "for no reason"}};
    CHECK_FALSE(faults_of(forged).empty());
    forged["tests"].erase(21);
    CHECK_FALSE(faults_of(forged).empty());
  }
}

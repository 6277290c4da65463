// SPDX-License-Identifier: Apache-2.0
#include "stats/ais31/black_box.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "core/json.h"
#include "stats/ais31/ais31_suite.h"
#include "tests/stats/constants.h"
#include "tests/stats/random_bytes.h"
#include "tests/test_paths.h"

using namespace lightseed;
using namespace lightseed::stats;
using test::constant;
using test::random_bytes;

namespace {

void require_prediction(const sp800_90b::Prediction& found, const Json& expected) {
  CHECK(found.correct == expected["C"].get<std::uint64_t>());
  CHECK(found.run == expected["r"].get<std::uint64_t>());
  CHECK(found.predictions == expected["N"].get<std::uint64_t>());
  CHECK(found.min_entropy == Approx(expected["min entropy"].get<double>()).epsilon(1e-12));
}

AuditSuite suite_of(const std::vector<std::vector<std::byte>>& trials) {
  const auto suite = begin_ais31_2024({});
  REQUIRE(suite->chunk_bytes() == 255'000);
  REQUIRE(suite->most_chunks() == 2);
  for (const auto& trial : trials)
    suite->look(trial)();
  return suite->finish({});
}

}  // namespace

TEST_CASE("AIS 20/31 of 2024: known figures of pi and e") {
  std::ifstream file(std::string(test::data_folder()) + "/ais31/known-answers.json");
  const Json known = Json::parse(file);
  std::size_t seen = 0;
  for (const Json& entry : known["entries"]) {
    const auto id = entry["id"].get<std::string>();
    if (!id.ends_with("-T_irn")) continue;
    ++seen;
    const auto bytes = constant(id.substr(0, id.find('-')));
    const ais31::BlackBox box = ais31::black_box(std::span(bytes).first(ais31::black_box_bytes));
    const Json& expected = entry["expected"];
    CHECK(box.ones == expected["T1"].get<std::uint32_t>());
    CHECK(box.poker == Approx(expected["T2"].get<double>()));
    require_prediction(box.mmc, expected["T3 MultiMMC"]);
    require_prediction(box.lz78y, expected["T4 LZ78Y"]);
    CHECK((box.t1 && box.t2));
  }
  CHECK(seen == 2);
}

TEST_CASE("AIS 20/31 of 2024: a trial that fails may be repeated once") {
  const auto good = random_bytes(ais31::black_box_bytes, 51);
  auto bad = good;
  // Of the second million bits a third is one value: LZ78Y sees it.
  std::fill(bad.end() - 40'000, bad.end(), std::byte{0});
  const AuditSuite passed = suite_of({good});
  CHECK(passed.as_written == AuditOutcome::pass);
  CHECK(passed.tests.at(3).figures.at(2).second > 0.99);
  const AuditSuite once = suite_of({bad});
  CHECK(once.as_written == AuditOutcome::retest);
  CHECK(once.tests.at(3).blocks->failed == 1);
  CHECK(once.tests.at(2).blocks->failed == 0);
  CHECK(suite_of({bad, good}).as_written == AuditOutcome::pass);
  CHECK(suite_of({bad, bad}).as_written == AuditOutcome::fail);
  CHECK(suite_of({good, bad}).as_written == AuditOutcome::pass);
  CHECK(suite_of({}).as_written == AuditOutcome::not_run);
}

TEST_CASE("AIS 20/31 of 2024: how often perfect bits fail follows from runs of right predictions") {
  // The shortest run that leaves less than 0.95 bits, and its frequency among fair predictions.
  const double rate = ais31::black_box_rate(999'998);
  CHECK(rate > 1e-3);
  CHECK(rate < 2e-2);
  std::uint64_t run = 1;
  while (sp800_90b::prediction(500'000, run, 999'998, 2).min_entropy >= 0.95)
    ++run;
  CHECK(rate == Approx(1e6 * std::exp2(-static_cast<double>(run) - 1)).epsilon(0.01));
}

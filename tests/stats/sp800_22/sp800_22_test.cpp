// SPDX-License-Identifier: Apache-2.0
#include "stats/sp800_22/sp800_22.h"

#include <array>
#include <catch2/catch.hpp>
#include <cmath>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "core/error.h"
#include "core/json.h"
#include "tests/stats/constants.h"
#include "tests/test_paths.h"

using namespace lightseed;
using namespace lightseed::stats;

namespace {

constexpr std::size_t million = 1'000'000;

Json nist_answers() {
  std::ifstream file(std::string(test::data_folder()) + "/sp800_22/known-answers.json");
  return Json::parse(file);
}

Json nist_entry(const Json& all, const std::string& id) {
  for (const Json& entry : all["entries"]) {
    if (entry["id"] == id) return entry;
  }
  throw std::logic_error("no such entry");
}

/// Their names in the known answers, in the order of the tests.
constexpr std::array<const char*, 15> nist_names{"Frequency",
                                                 "BlockFrequency",
                                                 "CumulativeSums",
                                                 "Runs",
                                                 "LongestRun",
                                                 "Rank",
                                                 "FFT",
                                                 "NonOverlappingTemplate",
                                                 "OverlappingTemplate",
                                                 "Universal",
                                                 "ApproximateEntropy",
                                                 "RandomExcursions",
                                                 "RandomExcursionsVariant",
                                                 "Serial",
                                                 "LinearComplexity"};

}  // namespace

TEST_CASE("SP 800-22: all 188 values are NIST's on a million bits of e and of pi") {
  const Json known = nist_answers();
  const Spectrum spectrum(million);
  for (const std::string name : {"e", "pi"}) {
    const Json expected = nist_entry(known, name + "-1e6-legacy")["expected_p"];
    const Sequence sequence(test::million_bits_of(name));
    const sp800_22::Facts facts{sequence, sp800_22::find_profile("sts-2.1.2"), spectrum};
    std::size_t values = 0;
    REQUIRE(sp800_22::tests().size() == nist_names.size());
    for (std::size_t t = 0; t < nist_names.size(); ++t) {
      const TestResult result = sp800_22::tests()[t].run(facts);
      CAPTURE(name, nist_names[t]);
      REQUIRE(result.p.size() == expected[nist_names[t]].size());
      for (std::size_t i = 0; i < result.p.size(); ++i, ++values)
        CHECK(result.p[i].value_or(-1) == Approx(expected[nist_names[t]][i].get<double>()).margin(5.1e-7).epsilon(0));
    }
    CHECK(values == 188);
  }
}

TEST_CASE("SP 800-22: corrected constants") {
  const Json known = nist_answers();
  const Spectrum spectrum(million);
  for (const std::string name : {"e", "pi"}) {
    const Json expected = nist_entry(known, name + "-1e6-corrected")["expected_p"];
    const Sequence sequence(test::million_bits_of(name));
    const sp800_22::Facts facts{sequence, sp800_22::find_profile("corrected"), spectrum};
    const auto near = [](const TestResult& result, const Json& p, double margin) {
      CHECK(result.p.at(0).value_or(-1) == Approx(p.get<double>()).margin(margin).epsilon(0));
    };
    near(sp800_22::longest_run(facts), expected["LongestRun (exact pi_i)"], 5.1e-7);
    near(sp800_22::linear_complexity(facts), expected["LinearComplexity (pi_0=.010417)"], 5.1e-7);
    near(sp800_22::overlapping_template(facts), expected["OverlappingTemplate (exact class probabilities)"], 1e-10);
    // The cumulative sums' series does not depend on where it is cut off here.
    const sp800_22::Facts legacy{sequence, sp800_22::find_profile("sts-2.1.2"), spectrum};
    for (const std::size_t i : {0U, 1U})
      CHECK(*sp800_22::cumulative_sums(facts).p[i] == Approx(*sp800_22::cumulative_sums(legacy).p[i]).epsilon(1e-11));
  }
}

TEST_CASE("SP 800-22: what cannot be told is not applicable, and a short sequence is not run") {
  const std::vector<std::byte> zeros(million / 8);
  const Spectrum spectrum(million);
  const Sequence sequence(packed_bits(zeros, million));
  const sp800_22::Facts facts{sequence, sp800_22::find_profile("corrected"), spectrum};
  const auto results = run_battery(sp800_22::tests(), facts, million);
  for (std::size_t t = 0; t < results.size(); ++t) {
    CAPTURE(nist_names[t]);
    REQUIRE(results[t]);
    for (const auto& p : results[t]->p) {
      if (std::string(nist_names[t]).find("Excursions") != std::string::npos) {
        CHECK_FALSE(p);
      } else {
        CHECK(p.value_or(1) < 1e-6);
      }
    }
  }
  std::size_t run = 0;
  const Spectrum small(2000);
  const Sequence few(test::million_bits_of("pi").first(2000));
  for (const auto& result : run_battery(sp800_22::tests(), {few, facts.profile, small}, 2000))
    run += result ? 1 : 0;
  CHECK(run == 6);  // frequency, block-frequency, cumulative-sums, runs, longest-run, fft
  CHECK_THROWS_AS(sp800_22::find_profile("luck"), Error);
}

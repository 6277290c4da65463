// SPDX-License-Identifier: Apache-2.0
#include "stats/gmt0005/gmt0005.h"

#include <catch2/catch.hpp>
#include <fstream>
#include <iterator>
#include <map>
#include <string>

#include "core/error.h"
#include "core/hex.h"
#include "core/json.h"
#include "stats/sequence/patterns.h"
#include "stats/sp800_22/linear_complexity_classes.h"
#include "tests/stats/constants.h"
#include "tests/test_paths.h"

using namespace lightseed;
using namespace lightseed::stats;
using namespace lightseed::stats::gmt0005;

namespace {

BitString bits_of_hex(const std::string& text, std::size_t bits) {
  return packed_bits(*from_hex(text), bits);
}

Json known_answers() {
  std::ifstream file(std::string(test::data_folder()) + "/gmt0005/known-answers.json");
  return Json::parse(file);
}

Json entry_of(const Json& all, const std::string& id) {
  for (const Json& entry : all["entries"]) {
    if (entry["id"] == id) return entry;
  }
  throw std::logic_error("no such entry");
}

Values same(double p) {
  return {.p = p, .q = p};
}

/// "autocorrelation d=8" and the like, by the names of the known answers.
Values value_named(const std::string& name, const Sequence& sequence) {
  const BitString& bits = sequence.bits();
  const std::string kind = name.substr(0, name.find(' '));
  const auto equals = name.find('=');
  const auto number = equals == std::string::npos ? 0U : static_cast<unsigned>(std::stoul(name.substr(equals + 1)));
  if (kind == "monobit") return frequency(sequence);
  if (kind == "block_frequency") return same(block_frequency_p(bits, number));
  if (kind == "poker") return same(poker(bits, number));
  if (kind == "overlapping_subsequence_P1Q1") return same(serial_p(sequence, number).first);
  if (kind == "overlapping_subsequence_P2Q2") return same(serial_p(sequence, number).second);
  if (kind == "runs_total") return runs(sequence);
  if (kind == "runs_distribution") return same(run_distribution(bits));
  if (kind == "longest_run_of_ones") return same(longest_run(bits, true));
  if (kind == "longest_run_of_zeros") return same(longest_run(bits, false));
  if (kind == "binary_derivation") return binary_derivation(bits, number);
  if (kind == "autocorrelation") return autocorrelation(sequence, number);
  if (kind == "matrix_rank") return same(rank(bits));
  if (kind == "cusum_forward") return same(cumulative_sums(sequence).first);
  if (kind == "cusum_backward") return same(cumulative_sums(sequence).second);
  if (kind == "approximate_entropy") return same(approximate_entropy_p(sequence, number));
  if (kind == "linear_complexity")
    return same(sp800_22::linear_complexity_p(bits, number, linear_complexity_probabilities));
  if (kind == "maurer_universal") return two_sided(*universal_statistic(bits));
  throw std::logic_error("no test " + name);
}

}  // namespace

TEST_CASE("GM/T 0005: every P and Q of a million bits of pi and of e") {
  const Json known = known_answers();
  const Spectrum spectrum(1'000'000);
  for (const std::string name : {"pi", "e"}) {
    const Sequence sequence(test::million_bits_of(name), 8);
    const Json expected = entry_of(known, name + "-1e6")["expected_[P,Q]"];
    CHECK(expected.size() == 36);
    for (const auto& [test, values] : expected.items()) {
      CAPTURE(name, test);
      const Values found = value_named(test, sequence);
      // Long sums of logarithms differ in their last digits; the others agree as far as the known answers go.
      const double digits = test.starts_with("approximate_entropy") || test == "maurer_universal" ? 2e-8 : 1e-10;
      CHECK(found.p == Approx(values[0].get<double>()).epsilon(digits));
      CHECK(found.q == Approx(values[1].get<double>()).epsilon(digits));
    }
    const Json transform = entry_of(known, name + "-1e6-dft")["expected"];
    CHECK(dft(sequence, spectrum).p == Approx(transform["P"].get<double>()).epsilon(1e-10));
    CHECK(dft(sequence, spectrum).q == Approx(transform["Q"].get<double>()).epsilon(1e-10));
  }
}

TEST_CASE("GM/T 0005: the examples of annex C") {
  const Sequence long_one(bits_of_hex("cc156c4ce0024d5113d680d7cce6d8b2", 128), 8);
  const Sequence short_one(bits_of_hex("c90fdaa22168c234c4c6628b80", 100), 8);
  const auto near = [](double value, double printed) { CHECK(value == Approx(printed).margin(6e-7).epsilon(0)); };
  const auto both = [&](const Values& values, double p, double q) {
    near(values.p, p);
    near(values.q, q);
  };
  both(frequency(long_one), 0.215925, 0.892038);
  near(block_frequency_p(short_one.bits(), 10), 0.706438);
  near(poker(long_one.bits(), 4), 0.213734);
  near(poker(long_one.bits(), 8), 0.221829);
  near(serial_p(long_one, 2).first, 0.436868);
  near(serial_p(long_one, 2).second, 0.723674);
  both(runs(long_one), 0.620729, 0.310364);
  near(run_distribution(long_one.bits()), 0.970152);
  near(longest_run(long_one.bits(), true), 0.180598);
  near(longest_run(long_one.bits(), false), 0.839299);
  both(binary_derivation(long_one.bits(), 3), 0.039669, 0.980166);
  both(autocorrelation(long_one, 1), 0.790080, 0.395040);
  near(cumulative_sums(short_one).first, 0.219194);
  near(cumulative_sums(short_one).second, 0.114866);
  near(approximate_entropy_p(short_one, 2), 0.235301);
  const Spectrum spectrum(100);
  both(dft(short_one, spectrum), 0.654721, 0.327360);
}

TEST_CASE("GM/T 0005: what the battery runs, and on which parameters") {
  const Spectrum spectrum(1'000'000);
  const Sequence sequence(test::million_bits_of("pi"), 8);
  const auto count = [&](std::string_view profile) {
    const auto results = run_battery(tests(), Facts{sequence, parameters_for(profile, 1'000'000), spectrum}, 1'000'000);
    std::size_t values = 0;
    for (const auto& result : results) {
      REQUIRE(result);
      REQUIRE(result->p.size() == result->q.size());
      values += result->p.size();
    }
    return values;
  };
  CHECK(tests().size() == 15);
  CHECK(count("2021") == 27);
  CHECK(count("2012") == 26);
  CHECK(parameters_for("2021", 100).least_bits == 20'000);
  CHECK(parameters_for("2021", 999'999).least_bits == 20'000);
  CHECK(parameters_for("2021", 1'000'000).least_bits == 1'000'000);
  CHECK(parameters_for("2021", 200'000'000).least_bits == 100'000'000);
  CHECK_THROWS_AS(parameters_for("2020", 1'000'000), Error);
}

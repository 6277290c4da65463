// SPDX-License-Identifier: Apache-2.0
#include "stats/sp800_90b/iid/iid_assessment.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "core/error.h"
#include "stats/sp800_90b/assessment.h"
#include "stats/sp800_90b/iid/shares.h"
#include "stats/sp800_90b/non_iid/sorted_suffixes.h"

namespace lightseed::sp800_90b {
namespace {

IidTestRecord record_of(std::string_view id, const ChiSquare& test) {
  return {.id = std::string(id),
          .figures = ChiSquareFigures{.t = test.statistic, .df = test.degrees, .p = test.p},
          .passed = test.passed(),
          .borderline = test.borderline()};
}

IidTestRecord record_of(const LongestRepeatTest& test) {
  return {.id = "longest-repeat",
          .figures = LongestRepeatFigures{.p_col = test.collision, .w = test.length, .p = test.probability},
          .passed = test.passed(),
          .borderline = test.borderline()};
}

IidTestRecord record_of(std::string_view id, const Ranking& ranking) {
  if (ranking.skipped) {
    return {.id = std::string(id),
            .figures = NotRunFigures{.original = ranking.original, .why = "another statistic had failed already"}};
  }
  return {.id = std::string(id),
          .figures =
              PermutationFigures{
                  .original = ranking.original, .c0 = ranking.greater, .c1 = ranking.equal, .c2 = ranking.smaller},
          .passed = ranking.passed(),
          .borderline = ranking.borderline()};
}

Estimate estimate_on(View view, const MostCommonValue& most_common) {
  Estimate estimate = estimate_of(most_common);
  estimate.view = view;
  return estimate;
}

}  // namespace

LongestRepeatTest longest_repeat_test(std::span<const std::uint8_t> symbols, unsigned alphabet) {
  long double collision = 0;
  for (const long double share : shares_of(symbols, alphabet))
    collision += share * share;
  return longest_repeat_test(static_cast<double>(collision), census_of_repeats(symbols, alphabet).longest(),
                             symbols.size());
}

LongestRepeatTest longest_repeat_test(double collision, std::uint64_t length, std::uint64_t samples) {
  LongestRepeatTest test{.collision = collision, .length = length};
  // In logarithms: p_col^W is far below what any floating-point number holds when a long string repeats.
  const auto w = static_cast<long double>(length);
  const long double places = static_cast<long double>(samples) - w + 1;
  const long double none =
      places * (places - 1) / 2 * std::log1p(-std::exp(w * std::log(static_cast<long double>(collision))));
  test.probability = static_cast<double>(-std::expm1(none));
  return test;
}

bool IidAssessment::passed() const noexcept {
  return alphabet > 1 && independence.passed() && goodness_of_fit.passed() && longest_repeat.passed() &&
         std::all_of(rankings.begin(), rankings.end(), [](const Ranking& ranking) { return ranking.passed(); });
}

bool IidAssessment::borderline() const noexcept {
  return independence.borderline() || goodness_of_fit.borderline() || longest_repeat.borderline() ||
         std::any_of(rankings.begin(), rankings.end(), [](const Ranking& ranking) { return ranking.borderline(); });
}

IidAssessment assess_iid(std::span<const std::uint8_t> raw, const IidOptions& options) {
  require_samples(raw.size());
  const Samples samples(raw, options.width);
  IidAssessment result{
      .width = options.width, .samples = raw.size(), .alphabet = samples.alphabet(), .options = options.permutation};
  if (result.alphabet == 1) return result;
  const auto symbols = samples.symbols();
  const unsigned alphabet = samples.alphabet();
  result.most_common = most_common_value(symbols);
  result.h_original = std::min<double>(options.width, result.most_common.min_entropy);
  result.min_entropy = result.h_original;
  if (alphabet > 2) {
    const BitString& bits = samples.bit_string();
    const std::uint64_t ones = bits.ones();
    result.most_common_bit = most_common_value(std::max<std::uint64_t>(ones, bits.size() - ones), bits.size());
    result.h_bitstring = result.most_common_bit->min_entropy;
    result.min_entropy = std::min(result.min_entropy, options.width * *result.h_bitstring);
    result.independence = independence(symbols, alphabet);
    result.goodness_of_fit = goodness_of_fit(symbols, alphabet);
  } else {
    result.independence = independence(samples.binary());
    result.goodness_of_fit = goodness_of_fit(samples.binary());
  }
  result.longest_repeat = longest_repeat_test(symbols, alphabet);
  result.rankings = permutation_test(*statistics_of(raw, samples), options.permutation);
  return result;
}

AssessmentRecord record_of(const IidAssessment& assessment) {
  AssessmentRecord record;
  record.width = assessment.width;
  record.samples = assessment.samples;
  record.alphabet = assessment.alphabet;
  record.h_original = assessment.h_original;
  record.h_bitstring = assessment.h_bitstring;
  record.min_entropy = assessment.min_entropy;
  if (assessment.alphabet > 1) record.estimates.push_back(estimate_on(View::literal, assessment.most_common));
  if (assessment.most_common_bit) {
    record.estimates.push_back(estimate_on(View::bitstring, *assessment.most_common_bit));
  }
  IidRecord& iid = record.iid.emplace();
  iid.seed = assessment.options.seed;
  iid.rounds = assessment.options.rounds;
  iid.full = assessment.options.full;
  iid.passed = assessment.passed();
  iid.borderline = assessment.borderline();
  iid.tests.push_back(record_of("chi-square-independence", assessment.independence));
  iid.tests.push_back(record_of("chi-square-goodness-of-fit", assessment.goodness_of_fit));
  iid.tests.push_back(record_of(assessment.longest_repeat));
  for (std::size_t i = 0; i < statistics_count; ++i)
    iid.tests.push_back(record_of(statistic_ids()[i], assessment.rankings[i]));
  return record;
}

Json to_json(const IidAssessment& assessment) {
  return lightseed::to_json(record_of(assessment));
}

}  // namespace lightseed::sp800_90b

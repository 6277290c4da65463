#include "stats/sp800_90b/iid/iid_assessment.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "core/error.h"
#include "stats/sp800_90b/assessment.h"
#include "stats/sp800_90b/iid/shares.h"
#include "stats/sp800_90b/named_numbers.h"
#include "stats/sp800_90b/non_iid/sorted_suffixes.h"

namespace lightseed::sp800_90b {
namespace {

Json to_json(std::string_view id, const ChiSquare& test) {
  return {{"id", id},    {"t", test.statistic},     {"df", test.degrees},
          {"p", test.p}, {"passed", test.passed()}, {"borderline", test.borderline()}};
}

Json to_json(View view, const MostCommonValue& most_common) {
  Estimate estimate = report(most_common).front();
  estimate.view = view;
  return sp800_90b::to_json(estimate);
}

}  // namespace

LongestRepeatTest longest_repeat_test(std::span<const std::uint8_t> symbols, unsigned alphabet) {
  LongestRepeatTest test;
  const auto n = static_cast<long double>(symbols.size());
  long double collision = 0;
  for (const long double share : shares_of(symbols, alphabet))
    collision += share * share;
  test.collision = static_cast<double>(collision);
  test.length = census_of_repeats(symbols, alphabet).longest();
  // In logarithms: p_col^W is far below what any floating-point number holds when a long string repeats.
  const auto length = static_cast<long double>(test.length);
  const long double places = n - length + 1;
  const long double none = places * (places - 1) / 2 * std::log1p(-std::exp(length * std::log(collision)));
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
  if (raw.size() < fewest_samples) {
    throw Error(Category::not_enough_data,
                fmt::format("an assessment needs {} samples at least and {} to follow SP 800-90B 3.1.1; there are {}",
                            fewest_samples, wanted_samples, raw.size()));
  }
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

Json to_json(const IidAssessment& assessment) {
  const LongestRepeatTest& repeat = assessment.longest_repeat;
  Json tests = Json::array({to_json("chi-square-independence", assessment.independence),
                            to_json("chi-square-goodness-of-fit", assessment.goodness_of_fit),
                            Json{{"id", "longest-repeat"},
                                 {"p_col", repeat.collision},
                                 {"w", repeat.length},
                                 {"p", repeat.probability},
                                 {"passed", repeat.passed()},
                                 {"borderline", repeat.borderline()}}});
  for (std::size_t i = 0; i < statistics_count; ++i) {
    const Ranking& ranking = assessment.rankings[i];
    Json test{{"id", statistic_ids()[i]}, {"original", ranking.original}};
    if (ranking.skipped) {
      test["not_run"] = "another statistic had failed already";
    } else {
      test["c0"] = ranking.greater;
      test["c1"] = ranking.equal;
      test["c2"] = ranking.smaller;
      test["passed"] = ranking.passed();
      test["borderline"] = ranking.borderline();
    }
    tests.push_back(std::move(test));
  }
  Json json{{"track", "iid"},
            {"samples", assessment.samples},
            {"bits", assessment.width},
            {"alphabet", assessment.alphabet},
            {"seed", assessment.options.seed},
            {"rounds", assessment.options.rounds},
            {"full", assessment.options.full},
            {"h_original", assessment.h_original}};
  json["h_bitstring"] = assessment.h_bitstring ? Json(*assessment.h_bitstring) : Json();
  json["min_entropy"] = assessment.min_entropy;
  json["passed"] = assessment.passed();
  json["borderline"] = assessment.borderline();
  Json estimates = Json::array();
  if (assessment.alphabet > 1) estimates.push_back(to_json(View::literal, assessment.most_common));
  if (assessment.most_common_bit) estimates.push_back(to_json(View::bitstring, *assessment.most_common_bit));
  json["estimators"] = std::move(estimates);
  json["tests"] = std::move(tests);
  return json;
}

}  // namespace lightseed::sp800_90b

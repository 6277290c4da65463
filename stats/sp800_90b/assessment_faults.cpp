#include "stats/sp800_90b/assessment_faults.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <optional>

#include "stats/sp800_90b/assessment.h"
#include "stats/sp800_90b/confidence.h"
#include "stats/sp800_90b/estimators.h"
#include "stats/sp800_90b/iid/chi_square.h"
#include "stats/sp800_90b/iid/permutation_test.h"
#include "stats/sp800_90b/non_iid/collision.h"
#include "stats/sp800_90b/non_iid/compression.h"
#include "stats/sp800_90b/non_iid/markov.h"
#include "stats/sp800_90b/non_iid/most_common_value.h"
#include "stats/sp800_90b/non_iid/prediction.h"

namespace lightseed::sp800_90b {
namespace {

/// One view of the data: how many symbols it has, and of how many kinds.
struct Data {
  std::string name;
  std::uint64_t length = 0;
  unsigned alphabet = 2;
};

/// The library's logarithm may differ in its last place from the one that wrote the number.
bool same(double a, double b) {
  return std::abs(a - b) <= 1e-12 * std::max(1.0, std::abs(a));
}

/// What the counts of one estimate come to.
double min_entropy_again(const Json& estimate, const Data& data) {
  const auto id = estimate.at("id").get<std::string>();
  const auto number = [&](const char* name) { return estimate.at(name).get<double>(); };
  const auto count = [&](const char* name) { return estimate.at(name).get<std::uint64_t>(); };
  if (id == "mcv") return most_common_value(count("mode_count"), data.length).min_entropy;
  if (id == "collision") return collision(count("v"), count("sum_t")).min_entropy;
  if (id == "markov") {
    return markov_from({.p_0 = number("p_0"),
                        .p_1 = number("p_1"),
                        .p_00 = number("p_00"),
                        .p_01 = number("p_01"),
                        .p_10 = number("p_10"),
                        .p_11 = number("p_11")})
        .min_entropy;
  }
  if (id == "compression") return compression_min_entropy(number("p"));
  if (id == "t-tuple") return min_entropy_of(upper_bound(number("p_max"), data.length));
  if (id == "lrs") return min_entropy_of(upper_bound(number("p_hat"), data.length));
  // The longest run is stated plus one, as the standard's r.
  return prediction(count("correct"), std::max<std::uint64_t>(1, count("run")) - 1, count("predictions"), data.alphabet)
      .min_entropy;
}

class Check {
 public:
  explicit Check(const Json& assessment)
      : assessment_(assessment),
        samples_(assessment.at("samples").get<std::uint64_t>()),
        bits_(assessment.at("bits").get<unsigned>()),
        alphabet_(assessment.at("alphabet").get<unsigned>()) {}

  std::vector<std::string> run() {
    if (bits_ < 1 || bits_ > 8 || alphabet_ < 1 || alphabet_ > 1U << bits_ || samples_ < fewest_samples) {
      return {fmt::format("{} samples of {} bits with {} values cannot be assessed", samples_, bits_, alphabet_)};
    }
    const bool non_iid = assessment_.at("track") == "non-iid";
    if (!non_iid && assessment_.at("track") != "iid") return {"the track is neither non-iid nor iid"};
    if (alphabet_ == 1) {
      unless(assessment_.at("min_entropy") == 0.0, "constant samples have no min-entropy");
      return std::move(faults_);
    }
    const auto literal = check_view({.name = "literal", .length = samples_, .alphabet = alphabet_}, non_iid);
    std::optional<double> bit_string;
    if (alphabet_ > 2) bit_string = check_view({.name = "bitstring", .length = samples_ * bits_}, non_iid);
    check_result("h_original", literal, bits_);
    if (alphabet_ > 2) check_result("h_bitstring", bit_string, 1);
    const double all = std::min(literal.value_or(bits_), bits_ * bit_string.value_or(1));
    unless(same(assessment_.at("min_entropy").get<double>(), all), "the min-entropy is not the smallest estimate");
    if (!non_iid) check_tests();
    return std::move(faults_);
  }

 private:
  const Json& assessment_;
  std::uint64_t samples_;
  unsigned bits_;
  unsigned alphabet_;
  std::vector<std::string> faults_;

  void unless(bool good, std::string fault) {
    if (!good) faults_.push_back(std::move(fault));
  }

  /// 3.1.3: which estimators a view must have. Returns the smallest of them.
  std::optional<double> check_view(const Data& data, bool non_iid) {
    std::optional<double> least;
    for (const Estimator& estimator : estimators()) {
      if (estimator.bits_only && data.alphabet > 2) continue;
      for (const std::string_view id : estimator.ids) {
        if (!non_iid && id != "mcv") continue;
        const Json* estimate = find(id, data.name);
        if (estimate == nullptr) {
          faults_.push_back(fmt::format("the {} estimate on the {} data is missing", id, data.name));
          continue;
        }
        if (estimate->contains("not_run")) continue;
        const auto stated = estimate->at("min_entropy").get<double>();
        unless(same(stated, min_entropy_again(*estimate, data)),
               fmt::format("the {} estimate on the {} data does not follow from its counts", id, data.name));
        least = std::min(least.value_or(stated), stated);
      }
    }
    return least;
  }

  const Json* find(std::string_view id, const std::string& view) const {
    for (const Json& estimate : assessment_.at("estimators")) {
      if (estimate.at("id") == id && estimate.at("data") == view) return &estimate;
    }
    return nullptr;
  }

  void check_result(const char* name, std::optional<double> least, double most) {
    const Json& stated = assessment_.at(name);
    unless(least ? stated.is_number() && same(stated.get<double>(), std::min(*least, most)) : stated.is_null(),
           fmt::format("{} is not the smallest estimate of its view", name));
  }

  /// Section 5: the verdict must follow from every test's figures.
  void check_tests() {
    bool passed = true;
    std::size_t permuted = 0;
    for (const Json& test : assessment_.at("tests")) {
      bool good = false;
      if (test.contains("c0")) {
        ++permuted;
        good = Ranking{.greater = test.at("c0").get<std::uint32_t>(),
                       .equal = test.at("c1").get<std::uint32_t>(),
                       .smaller = test.at("c2").get<std::uint32_t>()}
                   .passed();
      } else if (test.contains("p")) {
        good = test.at("p").get<double>() >= least_p_value;
      }
      if (test.contains("passed")) {
        unless(test.at("passed") == good,
               fmt::format("the verdict of test {} is not that of its figures", test.at("id").get<std::string>()));
      }
      passed = passed && good;
    }
    unless(assessment_.at("tests").size() == statistics_count + 3 && (!passed || permuted == statistics_count),
           "tests of section 5 are missing");
    unless(assessment_.at("passed") == passed, "the IID verdict does not follow from the tests");
  }
};

}  // namespace

std::vector<std::string> faults_of_assessment(const Json& assessment) {
  return Check(assessment).run();
}

}  // namespace lightseed::sp800_90b

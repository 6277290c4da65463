// SPDX-License-Identifier: Apache-2.0
#include "stats/sp800_90b/assessment_faults.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <optional>
#include <set>
#include <utility>

#include "stats/sp800_90b/assessment.h"
#include "stats/sp800_90b/iid/iid_faults.h"

namespace lightseed::sp800_90b {
namespace {

/// The library's logarithm may differ in its last place from the one that wrote the number.
bool same(double a, double b) {
  return std::abs(a - b) <= 1e-12 * std::max(1.0, std::abs(a));
}

/// A root of an equation may differ by a little more; probabilities may be tiny.
bool near(double a, double b) {
  return std::abs(a - b) <= 1e-10 * std::max(std::abs(a), std::abs(b));
}

double as_double(const Estimate::Number& number) {
  return std::visit([](auto value) { return static_cast<double>(value); }, number);
}

bool same_numbers(const Estimate& stated, const Estimate& again) {
  return std::equal(stated.numbers.begin(), stated.numbers.end(), again.numbers.begin(), again.numbers.end(),
                    [](const auto& a, const auto& b) {
                      return a.first == b.first && a.second.index() == b.second.index() &&
                             near(as_double(a.second), as_double(b.second));
                    });
}

class Check {
 public:
  explicit Check(const Assessment& assessment) : assessment_(assessment) {}

  std::vector<std::string> run() {
    const Assessment& x = assessment_;
    const bool possible = x.width >= 1 && x.width <= 8 && x.alphabet >= 1 && x.alphabet <= 1U << x.width &&
                          x.samples >= fewest_samples && x.samples <= UINT64_MAX / 64;
    const bool windows_fit = !x.windows || (x.windows->samples >= fewest_samples && x.windows->samples <= x.samples);
    if (!possible || !windows_fit) {
      return {fmt::format("{} samples of {} bits with {} values cannot be assessed", x.samples, x.width, x.alphabet)};
    }
    if (x.alphabet == 1) {
      const bool nothing = x.min_entropy == 0 && x.estimates.empty() && x.h_original.value_or(0) == 0 && !x.h_bitstring;
      unless(nothing && !(x.iid && x.iid->passed), "constant samples have no min-entropy");
      return std::move(faults_);
    }
    for (const Estimate& estimate : x.estimates)
      check(estimate);
    check_sums();
    if (x.iid) {
      for (std::string& fault : faults_of_iid(*x.iid, x.samples))
        faults_.push_back(std::move(fault));
    }
    for (const Assessment& refuted : x.refuted) {
      for (const std::string& fault : faults_of_assessment(refuted))
        faults_.push_back("refuted IID claim: " + fault);
      unless(refuted.samples == x.samples && refuted.width == x.width && refuted.alphabet == x.alphabet,
             "the refuted IID claim is of other samples");
      unless(!refuted.iid || !refuted.iid->passed, "the IID claim that is said to be refuted passed its tests");
    }
    return std::move(faults_);
  }

 private:
  const Assessment& assessment_;
  std::vector<std::string> faults_;
  std::set<std::pair<std::string, View>> seen_;

  void unless(bool good, std::string fault) {
    if (!good) faults_.push_back(std::move(fault));
  }

  [[nodiscard]] static std::string name(std::string_view id, View view) {
    return fmt::format("the {} estimate on the {} data", id, name_of(view));
  }

  void check(const Estimate& estimate) {
    const std::string what = name(estimate.id, estimate.view);
    const Estimator* estimator = find_estimator(estimate.id);
    if (estimator == nullptr) {
      faults_.push_back(fmt::format("there is no estimator \"{:.40}\"", estimate.id));
      return;
    }
    // What should not be there is not computed again either: a thousand copies would take a thousand times as long.
    if (!seen_.emplace(estimate.id, estimate.view).second) {
      faults_.push_back(what + " is there twice");
      return;
    }
    if (!asks_for(*estimator, estimate.view, assessment_)) {
      faults_.push_back(what + " is none that the track asks for");
      return;
    }
    unless(!estimate.window || (assessment_.windows && *estimate.window < assessment_.samples &&
                                *estimate.window % assessment_.windows->every == 0),
           what + " is of no window");
    unless(!estimate.window || estimator->one_pass == nullptr, what + " is of a window, but sees every sample");
    if (!estimate.not_run.empty()) {
      unless(estimate.numbers.empty(), what + " has numbers although it was not run");
      return;
    }
    // A window without a change has no entropy; nothing was computed there.
    if (estimate.window && estimate.numbers.empty() && estimate.min_entropy == 0) return;
    const auto again = estimator->recompute(estimate, shape_of(assessment_, estimate));
    // Fewer kinds of symbols may come in a window than in all: then the estimate is smaller than what is known here.
    const bool follows = again && (same(estimate.min_entropy, again->min_entropy) ||
                                   (estimate.window && estimate.min_entropy < again->min_entropy));
    unless(follows, what + " does not follow from its counts");
    if (follows) unless(same_numbers(estimate, *again), what + " has numbers that do not follow from its counts");
  }

  void check_sums() {
    Assessment again = assessment_;
    sum_up(again);
    if (assessment_.iid) {
      // Of the estimators the IID track has the most common value alone.
      for (const View view : {View::literal, View::bitstring}) {
        const bool there = seen_.contains({"mcv", view});
        unless(there || (view == View::bitstring && assessment_.alphabet == 2), name("mcv", view) + " is missing");
      }
      unless(std::all_of(assessment_.estimates.begin(), assessment_.estimates.end(),
                         [](const Estimate& estimate) { return estimate.id == "mcv" && estimate.not_run.empty(); }),
             "the IID track has the mcv estimate alone");
    } else if (assessment_.complete != again.complete) {
      faults_.push_back(again.complete ? "it is complete, but says that it is not" : missing());
    }
    unless(same(assessment_.h_original, again.h_original), "h_original is not the smallest estimate of its view");
    unless(same(assessment_.h_bitstring, again.h_bitstring), "h_bitstring is not the smallest estimate of its view");
    unless(same(assessment_.min_entropy, again.min_entropy), "the min-entropy is not the smallest estimate");
  }

  [[nodiscard]] static bool same(const std::optional<double>& a, const std::optional<double>& b) {
    return a.has_value() == b.has_value() && (!a || sp800_90b::same(*a, *b));
  }
  [[nodiscard]] static bool same(double a, double b) { return sp800_90b::same(a, b); }

  /// Which estimates a record lacks that says it is complete.
  [[nodiscard]] std::string missing() const {
    std::string list;
    for (const Estimator& estimator : estimators()) {
      for (const View view : {View::literal, View::bitstring}) {
        if (!asks_for(estimator, view, assessment_)) continue;
        const auto ran = [&](const Estimate& e) { return e.id == estimator.id && e.view == view && e.not_run.empty(); };
        if (std::none_of(assessment_.estimates.begin(), assessment_.estimates.end(), ran)) {
          list += fmt::format("{}{} on the {} data", list.empty() ? "" : ", ", estimator.id, name_of(view));
        }
      }
    }
    return "it says that it is complete, but these estimates are missing: " + list;
  }
};

}  // namespace

std::vector<std::string> faults_of_assessment(const AssessmentRecord& assessment) {
  return Check(assessment).run();
}

}  // namespace lightseed::sp800_90b

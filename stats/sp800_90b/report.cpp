// SPDX-License-Identifier: Apache-2.0
#include "stats/sp800_90b/report.h"

#include <fmt/format.h>

#include <cmath>

#include "stats/sp800_90b/estimators.h"

namespace lightseed::sp800_90b {

std::string table_of(const Assessment& assessment) {
  std::string table = fmt::format("{:<12} {:<10} {:>12} {:>12}\n", "estimator", "data", "bits/symbol", "bits/sample");
  const Estimate* binding = assessment.binding();
  for (const Estimate& estimate : assessment.estimates) {
    table += fmt::format("{:<12} {:<10} ", estimate.id, name_of(estimate.view));
    if (!estimate.not_run.empty()) {
      table += fmt::format("{:>12} {:>12}  {}\n", "-", "-", estimate.not_run);
      continue;
    }
    const double factor = estimate.view == View::literal ? 1 : assessment.width;
    table += fmt::format("{:>12.6f} {:>12.6f}{}{}\n", estimate.min_entropy, factor * estimate.min_entropy,
                         estimate.window ? fmt::format("  window at {}", *estimate.window) : "",
                         &estimate == binding ? "  <- binding" : "");
  }
  return table;
}

std::string explanation_of(const Assessment& assessment, std::optional<double> claim) {
  const Estimate* binding = assessment.binding();
  std::string text;
  if (assessment.alphabet == 1) {
    text = "Every sample has the same value: there is no entropy at all.\n";
  } else if (binding == nullptr) {
    text = "None of the estimators asked for could run on these data.\n";
  } else {
    text = fmt::format(
        "{} {:.6f} of {} bits per sample: whoever guesses a sample is right at best once in 2^{:.3f} times.\n"
        "The {} estimate on the {} sets it. It looks for {}.\n",
        assessment.complete ? "Min-entropy" : "The estimators asked for allow", assessment.min_entropy,
        assessment.width, assessment.min_entropy, binding->id,
        binding->view == View::literal ? "samples themselves" : "bit string", find_estimator(binding->id)->looks_for);
    for (const auto& [name, value] : binding->numbers) {
      if (name != "p_local") continue;
      text += "One lucky run of right predictions decides here, not their share: repeat with other data first.\n";
    }
  }
  if (const auto& windows = assessment.windows) {
    text += fmt::format(
        "Estimators with a window saw {} windows, the first {} of every {} samples, and report their smallest; the\n"
        "others saw every sample.\n",
        windows->count, windows->samples, windows->every);
  }
  if (!assessment.complete) text += "This is a screen, not an assessment: some estimators were left out.\n";
  if (claim) {
    // Not the other way round: a claim that is no number holds nowhere.
    const bool holds = assessment.min_entropy >= *claim;
    text += fmt::format("The claim of {} bits {}: the assessment is {:.6f} {}.\n", *claim,
                        holds ? "holds" : "does not hold", std::abs(assessment.min_entropy - *claim),
                        holds ? "above it" : "below it");
  }
  return text;
}

}  // namespace lightseed::sp800_90b

// SPDX-License-Identifier: Apache-2.0
#include "stats/sp800_90b/report_tests.h"

#include <fmt/format.h>

#include <algorithm>

namespace lightseed::sp800_90b {
namespace {

std::string_view verdict(bool passed, bool borderline) {
  if (borderline) return passed ? "passed, borderline" : "FAILED, borderline";
  return passed ? "passed" : "FAILED";
}

}  // namespace

std::string table_of(const IidAssessment& assessment) {
  std::string table = fmt::format("{} samples of {} bits, {} values, seed {}\n\n{:<26} {:>16} {:>24}\n",
                                  assessment.samples, assessment.width, assessment.alphabet, assessment.options.seed,
                                  "test", "value", "p, or counts > = <");
  if (assessment.alphabet < 2) return table;
  const auto line = [&](std::string_view name, double value, const std::string& how, bool passed, bool borderline) {
    table += fmt::format("{:<26} {:>16.6f} {:>24}  {}\n", name, value, how, verdict(passed, borderline));
  };
  const auto p_of = [](double p) { return fmt::format("{:.6f}", p); };
  line("chi-square-independence", assessment.independence.statistic, p_of(assessment.independence.p),
       assessment.independence.passed(), assessment.independence.borderline());
  line("chi-square-goodness-of-fit", assessment.goodness_of_fit.statistic, p_of(assessment.goodness_of_fit.p),
       assessment.goodness_of_fit.passed(), assessment.goodness_of_fit.borderline());
  line("longest-repeat", static_cast<double>(assessment.longest_repeat.length),
       p_of(assessment.longest_repeat.probability), assessment.longest_repeat.passed(),
       assessment.longest_repeat.borderline());
  for (std::size_t i = 0; i < statistics_count; ++i) {
    const Ranking& ranking = assessment.rankings[i];
    if (ranking.skipped) {
      table += fmt::format("{:<26} {:>16.6f} {:>24}  not run: another statistic had failed\n", statistic_ids()[i],
                           ranking.original, "-");
      continue;
    }
    line(statistic_ids()[i], ranking.original, fmt::format("{} {} {}", ranking.greater, ranking.equal, ranking.smaller),
         ranking.passed(), ranking.borderline());
  }
  return table;
}

std::string explanation_of(const IidAssessment& assessment) {
  if (assessment.alphabet < 2) return "Every sample has the same value: there is no entropy at all.\n";
  std::string text =
      assessment.passed()
          ? fmt::format(
                "Nothing speaks against independent, identically distributed samples: {:.6f} of {} bits per "
                "sample.\n",
                assessment.min_entropy, assessment.width)
          : "The samples are not independent and identically distributed: take the non-IID track.\n";
  if (assessment.borderline()) {
    text += "A test came out close to its limit: other data, or another seed, may decide otherwise.\n";
  }
  return text;
}

std::string explanation_of(const RestartAssessment& assessment) {
  std::string text = fmt::format(
      "{} restarts, {} samples each; claim {} bits per sample\n"
      "most frequent value: {} times in a row, {} times in a column; more than {} fails: {}\n",
      assessment.matrix.restarts, assessment.matrix.samples, assessment.claim, assessment.rows.most_frequent,
      assessment.columns.most_frequent, assessment.cutoff, verdict(assessment.sane(), false));
  if (!assessment.sane()) {
    return text + (assessment.columns.most_frequent > assessment.cutoff
                       ? "After a restart the source tends to say what it said before.\n"
                       : "The claim is too high for what comes after a restart.\n");
  }
  text += fmt::format("rows {:.6f}, columns {:.6f} bits per sample; half of the claim is {}: {}\n",
                      assessment.rows.min_entropy, assessment.columns.min_entropy, assessment.claim / 2,
                      verdict(assessment.keeps_up(), false));
  for (const auto& [name, data] : {std::pair("rows", &assessment.rows), std::pair("columns", &assessment.columns)}) {
    if (data->iid)
      text += fmt::format("IID tests of the {}: {}\n", name, verdict(data->iid->passed(), data->iid->borderline()));
  }
  if (!assessment.complete()) text += "This is a screen, not a restart test: some estimators were left out.\n";
  if (!assessment.passed()) return text + "The restart tests failed: the source has no assessed entropy.\n";
  return text + fmt::format("{} {:.6f} bits per sample.\n",
                            assessment.complete() ? "The source has" : "The estimators asked for allow",
                            assessment.min_entropy);
}

}  // namespace lightseed::sp800_90b

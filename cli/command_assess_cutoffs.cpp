// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include "cli/assess_input.h"
#include "cli/verbs.h"
#include "stats/health/cutoffs.h"

namespace lightseed::cli {
namespace {

int run_assess_cutoffs(const Context& context) {
  const auto bits = static_cast<unsigned>(context.options.count("bits", {1, 16}));
  const double claim = claim_of(context, bits);
  const double alpha = context.options.number("alpha-log2", {-1000, -1});
  const std::uint32_t window = health::adaptive_proportion_window(bits);
  const std::uint64_t repetition = health::repetition_count_cutoff(claim, alpha);
  const std::uint32_t proportion = health::adaptive_proportion_cutoff(window, claim, alpha);
  const auto rate = health::adaptive_proportion_rate_log2(window, proportion, claim);
  if (context.json()) {
    context.print_json(
        "assess-cutoffs",
        {{"cutoffs",
          {{"min_entropy", claim},
           {"alpha_log2", alpha},
           {"repetition_count", {{"cutoff", repetition}}},
           {"adaptive_proportion",
            {{"window", window}, {"cutoff", proportion}, {"rate_log2", rate ? Json(*rate) : Json(nullptr)}}}}}});
    return 0;
  }
  context.out() << fmt::format(
      "For {} bits per sample and a false alarm once in 2^{} tests (SP 800-90B 4.4):\n"
      "repetition count     alarm at {} equal samples in a row\n"
      "adaptive proportion  {}\n",
      claim, -alpha, repetition,
      rate ? fmt::format("alarm at {} of {} samples equal to the first;\n{:21}in truth once in 2^{:.1f} windows",
                         proportion, window, "", -*rate)
           : fmt::format("never an alarm: the cut-off is above the window of {}", window));
  return 0;
}

}  // namespace

Command assess_cutoffs_command() {
  return {.name = "assess cutoffs",
          .group = "Assessment (NIST SP 800-90B)",
          .summary = "the health tests' cut-offs for a claim",
          .description = "Computes from the claim alone at what the two health tests of SP 800-90B 4.4 raise an alarm.",
          .examples = {"lightseed assess cutoffs --claim 6.4 --alpha-log2 -30"},
          .options = {{.name = "claim", .value = "H", .text = "bits of min-entropy per sample", .required = true},
                      {.name = "bits", .value = "N", .text = "bits a sample", .fallback = "8"},
                      {.name = "alpha-log2", .value = "N", .text = "false-alarm rate a test, 2^N", .fallback = "-30"}},
          .run = run_assess_cutoffs};
}

}  // namespace lightseed::cli

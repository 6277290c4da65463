// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include "cli/assess_input.h"
#include "cli/exit_code.h"
#include "cli/printable.h"
#include "cli/verbs.h"
#include "stats/sp800_90b/iid/iid_assessment.h"
#include "stats/sp800_90b/report.h"

namespace lightseed::cli {
namespace {

using namespace sp800_90b;

int run_assess_iid(const Context& context) {
  const Input input = read_whole(context, context.text("file"));
  const bool claimed = context.has("claim");
  const double claim = claimed ? claim_of(context, input.width) : 0;
  const IidAssessment result = [&] {
    Progress progress(context.console, "permuting");
    return assess_iid(input.symbols, {.width = input.width, .permutation = permutation_options(context, progress)});
  }();
  const bool holds = result.min_entropy >= claim;
  if (context.json()) {
    Json body{{"assessment", with_input(context, input, to_json(result))}};
    if (claimed) body["claim"] = {{"bits_per_sample", claim}, {"holds", result.passed() && holds}};
    context.print_json("assess", body);
  } else {
    context.out() << printable(input.file) << ": " << table_of(result) << "\n" << explanation_of(result) << "\n";
    if (claimed) {
      context.out() << fmt::format("The claim of {} bits {}: the IID estimate is {:.6f}.\n", claim,
                                   holds ? "holds" : "does not hold", result.min_entropy);
    }
  }
  return result.passed() && holds ? 0 : exit_code(Category::verdict);
}

}  // namespace

Command assess_iid_command() {
  std::vector<Option> options = permutation_option_table();
  options.push_back(
      {.name = "claim", .value = "H", .text = "bits per sample claimed: exit code 1 when it does not hold"});
  options = with_sample_options(false, std::move(options));
  options.front().required = true;
  return {
      .name = "assess iid",
      .group = "Assessment (NIST SP 800-90B)",
      .summary = "may the samples be taken as independent and identical?",
      .description =
          "The IID track (SP 800-90B 5): permutation tests, chi-square tests and the longest repeated substring. Exit "
          "code 1 when a test refutes that samples are independent and identically distributed. All samples are held "
          "in memory.",
      .examples = {"lightseed assess iid raw.bin --seed 1"},
      .options = std::move(options),
      .positional = {"file"},
      .run = run_assess_iid};
}

}  // namespace lightseed::cli

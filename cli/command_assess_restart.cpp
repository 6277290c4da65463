// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include "cli/assess_input.h"
#include "cli/exit_code.h"
#include "cli/own_sidecar.h"
#include "cli/printable.h"
#include "cli/restart_matrix.h"
#include "cli/verbs.h"
#include "stats/sp800_90b/report.h"

namespace lightseed::cli {
namespace {

using namespace sp800_90b;

/// The side-car's matrix, which is also the proof that the source was restarted; for files without one, what is said.
RestartMatrix matrix_of(const Context& context, const std::string& file) {
  const auto sidecar = own_sidecar(context, file);
  const auto asked =
      context.has("matrix") ? std::optional(parse_matrix("matrix", context.text("matrix"))) : std::nullopt;
  if (!sidecar) return asked.value_or(RestartMatrix{});
  if (!sidecar->restarts) {
    throw Error(
        Category::refused,
        fmt::format("{}: its side-car knows of no restarts: a continuous capture says nothing about them; capture "
                    "one with --restarts",
                    file));
  }
  const RestartMatrix captured{.restarts = sidecar->restarts->rows, .samples = sidecar->restarts->columns};
  if (asked && (asked->restarts != captured.restarts || asked->samples != captured.samples)) {
    throw Error(Category::usage, fmt::format("{} was captured as {}x{}, not as {}x{}", file, captured.restarts,
                                             captured.samples, asked->restarts, asked->samples));
  }
  return captured;
}

int run_assess_restart(const Context& context) {
  const std::string file = context.text("file");
  RestartOptions options;
  options.matrix = matrix_of(context, file);
  const Input input = read_whole(context, file);
  options.claim = claim_of(context, input.width);
  const RestartAssessment result = [&] {
    Progress progress(context.console, "assessing");
    options.non_iid = assessment_options(context, input.width, progress);
    if (context.has("iid")) options.iid = permutation_options(context, progress);
    return assess_restarts(input.symbols, options);
  }();
  if (context.json()) {
    context.print_json("assess", {{"assessment", with_input(context, input, to_json(result))}});
  } else {
    context.out() << printable(input.file) << ": " << explanation_of(result) << "\n";
  }
  return result.passed() ? 0 : exit_code(Category::verdict);
}

}  // namespace

Command assess_restart_command() {
  std::vector<Option> options{
      {.name = "claim", .value = "H", .text = "the initial estimate, bits per sample", .required = true},
      {.name = "matrix", .value = "RxC", .text = "rows and columns; the side-car's, or 1000x1000"},
      {.name = "only", .value = "LIST", .text = "estimators to run: lrs,markov"},
      {.name = "as-written", .text = "the standard's text where NIST's tool differs from it"},
      {.name = "iid", .text = "the IID track instead of the ten estimators"}};
  for (Option& option : permutation_option_table())
    options.push_back(std::move(option));
  options = with_sample_options(false, std::move(options));
  options.front().required = true;
  return {
      .name = "assess restart",
      .group = "Assessment (NIST SP 800-90B)",
      .summary = "is the source as good after each restart?",
      .description =
          "The restart tests (SP 800-90B 3.1.4) on a matrix that `capture --restarts` wrote, row by row: no value may "
          "come too often, and neither rows nor columns may have less than half the claim.",
      .examples = {"lightseed assess restart restarts.bin --claim 6.4"},
      .options = std::move(options),
      .positional = {"file"},
      .run = run_assess_restart};
}

}  // namespace lightseed::cli

// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "cli/assess_input.h"
#include "cli/comparison.h"
#include "cli/exit_code.h"
#include "cli/printable.h"
#include "cli/verbs.h"
#include "cli/words.h"
#include "stats/sp800_90b/non_iid/streamed_assessment.h"
#include "stats/sp800_90b/report.h"

namespace lightseed::cli {
namespace {

using namespace sp800_90b;

/// Longer input is assessed as it goes by, unless --whole is given.
constexpr std::size_t in_one_piece = Windows{}.every;
constexpr std::size_t samples_a_step = 1 << 20;

/// What a file came to.
struct Outcome {
  Assessment result;
  Json json;
};

AssessmentOptions options_of(const Context& context, unsigned width, Progress& progress) {
  AssessmentOptions options = assessment_options(context, width, progress);
  if (context.has("conditioned")) options.view = View::bitstring;
  if (context.has("quick")) options.only.assign(one_pass_ids().begin(), one_pass_ids().end());
  if (context.has("bit-limit")) options.bit_limit = context.options.count("bit-limit");
  return options;
}

Outcome outcome_of(const Context& context, const Input& input, const Assessment& result) {
  const auto claim = context.has("claim") ? std::optional(claim_of(context, result.width)) : std::nullopt;
  if (!context.json()) {
    context.out() << fmt::format("{}: {} of {}, {}\n\n{}\n{}\n", printable(input.file),
                                 counted(result.samples, "sample"), counted(result.width, "bit"),
                                 counted(result.alphabet, "value"), table_of(result), explanation_of(result, claim));
  }
  return {result, with_input(context, input, to_json(result))};
}

Outcome assess_whole(const Context& context, const Input& input) {
  Progress progress(context.console, "assessing");
  return outcome_of(context, input, assess(input.symbols, options_of(context, input.width, progress)));
}

/// More samples than are assessed in one piece: what `begin` holds and the rest of the stream, as it comes.
Outcome assess_streamed(const Context& context, InputStream stream, std::vector<std::uint8_t> begin) {
  const std::uint64_t expected = stream.expected().value_or(0);
  Progress progress(context.console, "assessing");
  StreamedAssessment assessment(options_of(context, stream.width(), progress), {});
  std::uint64_t done = 0;
  for (std::vector<std::uint8_t> piece = std::move(begin); !piece.empty(); piece = stream.read(samples_a_step)) {
    for (std::span<const std::uint8_t> rest = piece; !rest.empty();) {
      if (context.stop.stop_requested()) throw Error(Category::interrupted, "interrupted");
      const auto part = rest.first(std::min(rest.size(), samples_a_step));
      assessment.add(part);
      rest = rest.subspan(part.size());
      done += part.size();
      progress.show(done, expected, "samples");
    }
  }
  const Input input = stream.finish();
  say_warnings(context, input);
  return outcome_of(context, input, assessment.result());
}

/// One file: reads, warns, assesses, prints words.
Outcome assess_file(const Context& context, const std::string& file) {
  if (context.has("whole") || context.has("bit-limit")) return assess_whole(context, read_whole(context, file));
  Reading reading(context);
  InputStream stream(file, reading.options(file));
  if (context.has("claim")) static_cast<void>(claim_of(context, stream.width()));
  std::vector<std::uint8_t> begin = stream.read(in_one_piece);
  const bool whole = stream.at_end();
  reading.end();
  if (!whole) return assess_streamed(context, std::move(stream), std::move(begin));
  announce(context, file, begin.size(), stream.width());
  Input input = stream.finish();
  input.symbols = std::move(begin);
  say_warnings(context, input);
  return assess_whole(context, input);
}

/// How two files differ, estimator by estimator.
void say_comparison(const Context& context, const std::vector<std::string>& files, const Outcome& one,
                    const Outcome& other, Json& body) {
  body["comparison"] = comparison_json(one.result, other.result);
  if (!context.json()) context.out() << comparison_table(one.result, other.result, files[0], files[1]);
}

/// The smallest and the mean of several files.
void say_aggregate(const Context& context, const std::vector<std::string>& files, std::span<const Outcome> outcomes,
                   double least, Json& body) {
  double sum = 0;
  std::string table;
  for (std::size_t i = 0; i < files.size(); ++i) {
    sum += outcomes[i].result.min_entropy;
    table += fmt::format("{:>12.6f}  {}\n", outcomes[i].result.min_entropy, printable(files[i]));
  }
  const double mean = sum / static_cast<double>(files.size());
  body["aggregate"] = {{"files", files.size()}, {"min_entropy", least}, {"mean", mean}};
  if (!context.json()) {
    context.out() << fmt::format("bits/sample\n{}smallest {:.6f}, mean {:.6f}; the smallest counts\n", table, least,
                                 mean);
  }
}

int run_assess(const Context& context) {
  if (!context.has("file")) throw Error(Category::usage, "assess what? Name a file, or - for stdin");
  const std::vector<std::string> files = context.options.texts("file");
  if (context.has("compare") && files.size() != 2) {
    throw Error(Category::usage, fmt::format("--compare takes two files, not {}", files.size()));
  }
  // A file that is not there is found before the first one is assessed for minutes.
  for (const std::string& file : files)
    require_readable(file);
  std::vector<Outcome> outcomes;
  double least = HUGE_VAL;
  for (const std::string& file : files) {
    outcomes.push_back(assess_file(context, file));
    least = std::min(least, outcomes.back().result.min_entropy);
  }
  Json body;
  if (files.size() == 1) {
    body["assessment"] = outcomes[0].json;
  } else {
    Json& all = body["assessments"] = Json::array();
    for (const Outcome& outcome : outcomes)
      all.push_back(outcome.json);
    say_aggregate(context, files, outcomes, least, body);
  }
  if (context.has("compare")) say_comparison(context, files, outcomes[0], outcomes[1], body);
  bool holds = true;
  if (context.has("claim")) {
    const double claim = context.options.number("claim", {0, 16, true});
    holds = least >= claim;
    body["claim"] = {{"bits_per_sample", claim}, {"holds", holds}};
  }
  if (context.json()) context.print_json("assess", body);
  return holds ? 0 : exit_code(Category::verdict);
}

}  // namespace

Command assess_command() {
  return {
      .name = "assess",
      .group = "Assessment (NIST SP 800-90B)",
      .summary = "estimate min-entropy of raw samples: the non-IID track",
      .description =
          "Runs the ten estimators of SP 800-90B 6.3 on raw samples and says what the result means. The numbers are "
          "those of NIST's tool. FILE may be -, and several FILEs give a table and the smallest result. Samples: one a "
          "byte unless --bits, --container or a capture's side-car says otherwise; NumPy arrays, WAV, text of digits, "
          "hexadecimal text and tables are recognised, and said so.\nExit codes: 0 it ran; 1 a --claim does not hold; "
          "2 "
          "the file is of another kind or has another number of bits; 4 it cannot be read or is damaged; 6 fewer than "
          "1000 samples.",
      .examples = {"lightseed assess raw.bin --bits 8", "lightseed assess bits.bin --bits 1 --container 1",
                   "lightseed assess adc.bin --bits 12 --keep 9,8,7,6,5,4,3,2",
                   "lightseed assess adc.csv --column adc --bits 12", "lightseed assess --compare before.bin after.bin",
                   "lightseed assess /dev/hwrng --samples 1M"},
      .options = with_sample_options(
          true,
          {{.name = "claim", .value = "H", .text = "bits per sample claimed: exit code 1 when it does not hold"},
           {.name = "compare", .text = "two FILEs side by side, estimator by estimator, and their difference"},
           {.name = "only", .value = "LIST", .text = "estimators to run: lrs,markov"},
           {.name = "quick", .text = "the quick estimators only: a screen, no assessment"},
           {.name = "conditioned", .text = "output of a conditioning component: the bit string alone (3.1.5.2)"},
           {.name = "bit-limit", .value = "N", .text = "bits of the bit string to use; NIST's -t is 1M"},
           {.name = "as-written", .text = "the standard's text where NIST's tool differs from it"},
           {.name = "whole",
            .text =
                "all samples in memory for every estimator, as NIST's tool; without it input of more than 10M samples "
                "streams through the estimators that can, and the others see the first million of every ten"}}),
      .positional = {"file"},
      .run = run_assess};
}

}  // namespace lightseed::cli

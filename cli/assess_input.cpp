// SPDX-License-Identifier: Apache-2.0
#include "cli/assess_input.h"

#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <sstream>
#include <utility>

#include "cli/hints.h"
#include "cli/own_sidecar.h"
#include "cli/words.h"
#include "core/error.h"
#include "stats/input/form.h"
#include "stats/sp800_90b/budget.h"

namespace lightseed::cli {

using namespace sp800_90b;

std::vector<std::string> split_list(const std::string& list) {
  std::vector<std::string> words;
  std::istringstream stream(list);
  for (std::string word; std::getline(stream, word, ',');)
    words.push_back(word);
  return words;
}

std::vector<std::string> form_names() {
  std::vector<std::string> names;
  for (const stats::Form& form : stats::forms())
    names.emplace_back(form.name);
  return names;
}

std::vector<Option> sample_options(bool several_files) {
  return {
      {.name = "file", .value = "FILE", .text = "raw samples, or - for stdin", .many = several_files},
      {.name = "format",
       .value = "FORM",
       .text = "how samples lie in the file: recognised unless told; raw takes its bytes as they are",
       .choices = form_names()},
      {.name = "column", .value = "NAME", .text = "column of a table, or channel of a WAV file: a name or a number"},
      {.name = "bits", .value = "N", .text = "bits a sample, 1 to 32, raw ones 16; the side-car's, the format's, or 8"},
      {.name = "container",
       .value = "N",
       .text = "bits a sample takes in the file: 8 or 16, or 1, 2, 4 for packed ones"},
      {.name = "order",
       .value = "ORDER",
       .text = "which bits of a byte come first (msb unless told); of 16-bit containers, which byte (lsb)",
       .choices = {"msb", "lsb"}},
      {.name = "keep", .value = "LIST", .text = "bits to keep of samples wider than 8, best first: 9,8,7"},
      {.name = "skip", .value = "N", .text = "samples to leave out at the start"},
      {.name = "samples", .value = "N", .text = "samples to take: 1M"},
      {.name = "threads", .value = "N", .text = "up to 256; 0: one a core", .fallback = "0"},
      {.name = "force", .text = "go on even if memory may not suffice"}};
}

std::vector<Option> with_sample_options(bool several_files, std::vector<Option> more) {
  std::vector<Option> all = sample_options(several_files);
  for (Option& option : more)
    all.push_back(std::move(option));
  return all;
}

InputOptions input_options(const Context& context, const std::string& file) {
  InputOptions options;
  // Who says how bits lie in bytes says that they are raw; so does a side-car.
  options.form = context.options.text_or("format", context.has("container") ? "raw" : "");
  if (const auto sidecar = context.has("format") ? std::nullopt : own_sidecar(context, file)) {
    options.format = sidecar->source.format;
    options.form = "raw";
  }
  if (context.has("bits")) {
    const auto bits = static_cast<unsigned>(context.options.count("bits", {1, 32}));
    options.format = {.bits = bits, .container_bits = bits > 8 ? 16U : 8U};
    options.said_bits = bits;
  }
  options.column = context.options.text_or("column", "");
  if (context.has("container"))
    options.format.container_bits = static_cast<unsigned>(context.options.count("container", {1, 16}));
  // For packed samples the order of bits in a byte, for wider containers that of the bytes, where LSB is usual.
  const std::string order = context.options.text_or("order", "");
  options.lsb_first = order == "lsb";
  const bool of_bytes = options.form == "int16" || options.form == "int32" || options.format.container_bits == 16;
  options.big_endian = of_bytes && order == "msb";
  if (context.has("keep")) {
    for (const std::string& bit : split_list(context.text("keep")))
      options.keep.push_back(static_cast<unsigned>(parse_count("keep", bit, {0, 31})));
  }
  if (context.has("skip")) options.skip = context.options.count("skip", {0});
  if (context.has("samples")) options.count = context.options.count("samples");
  options.stop = context.stop;
  return options;
}

InputOptions Reading::options(const std::string& file) {
  InputOptions options = input_options(context_, file);
  options.heard = [this](std::uint64_t bytes) {
    if (progress_) progress_->show(bytes, 0, "bytes");
  };
  return options;
}

void announce(const Context& context, const std::string& file, std::uint64_t samples, unsigned width) try {
  check_budget(samples, width, context.has("force") ? 0 : available_memory());
  const Budget budget = budget_of(samples, width);
  if (budget.seconds > 10) {
    context.note(
        fmt::format("{}: about {:.0f} s of CPU and up to {} MiB of memory", file, budget.seconds, budget.bytes >> 20));
  }
} catch (const Error& error) {
  throw Error(error.category(), fmt::format("{}: {}", file, error.what()));
}

void require_readable(const std::string& file) {
  if (file != "-" && ::access(file.c_str(), R_OK) != 0) throw system_error("open", file, errno);
}

Input read_whole(const Context& context, const std::string& file) {
  Reading reading(context);
  InputStream stream(file, reading.options(file));
  const unsigned width = stream.width();
  const auto expected = stream.expected();
  if (expected) announce(context, file, *expected, width);
  std::vector<std::uint8_t> symbols = stream.read(most_samples(width));
  if (!stream.at_end()) announce(context, file, most_samples(width) + 1, width);
  if (!expected) announce(context, file, symbols.size(), width);
  Input input = stream.finish();
  input.symbols = std::move(symbols);
  say_warnings(context, input);
  return input;
}

void say_warnings(const Context& context, const Input& input) {
  for (const std::string& choice : input.choices)
    context.warn(with_hint(fmt::format("{}: {}", input.file, choice)));
  for (const std::string& warning : input.warnings)
    context.warn(with_hint(fmt::format("{}: {}", input.file, warning)));
}

Json with_input(const Context& context, const Input& input, const Json& result) {
  Json json = to_json(input);
  if (const auto sidecar = own_sidecar(context, input.file)) {
    if (sidecar->sha256 == input.sha256) {
      json["source"] = lightseed::to_json(sidecar->source);
    } else {
      context.warn(fmt::format("{}: {} is of other data, so it is not known which source gave these", input.file,
                               sidecar_path(input.file).string()));
    }
  }
  json.update(result);
  if (!input.choices.empty()) json["choices"] = input.choices;
  json["warnings"] = input.warnings;
  return json;
}

double claim_of(const Context& context, unsigned width) {
  const double claim = context.options.number("claim", {0, 16, true});
  if (claim > width) {
    throw Error(Category::usage, fmt::format("--claim {}: a sample of {} holds {} at most", claim,
                                             counted(width, "bit"), counted(width, "bit")));
  }
  return claim;
}

unsigned assessment_threads(const Context& context) {
  return static_cast<unsigned>(context.options.count("threads", {0, 256}));
}

AssessmentOptions assessment_options(const Context& context, unsigned width, Progress& progress) {
  AssessmentOptions options{
      .width = width,
      .as_written = context.has("as-written"),
      .threads = assessment_threads(context),
      .stop = context.stop,
      .progress = [&progress](std::size_t done, std::size_t of) { progress.show(done, of, "steps"); }};
  if (context.has("only")) options.only = split_list(context.text("only"));
  return options;
}

PermutationOptions permutation_options(const Context& context, Progress& progress) {
  return {.seed = context.has("seed") ? context.options.count("seed", {0}) : fresh_seed(),
          .full = context.has("full"),
          .threads = assessment_threads(context),
          .stop = context.stop,
          .progress = [&progress](std::uint32_t done, std::uint32_t of) { progress.show(done, of, "rounds at most"); }};
}

std::vector<Option> permutation_option_table() {
  return {{.name = "seed", .value = "N", .text = "of the permutations; a fresh one unless told"},
          {.name = "full", .text = "all 10000 permutations for every statistic, for exact counts"}};
}

}  // namespace lightseed::cli

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <filesystem>
#include <iostream>
#include <sstream>

#include "cli/assess_arithmetic.h"
#include "cli/exit_code.h"
#include "cli/matrix.h"
#include "cli/progress.h"
#include "cli/quantity.h"
#include "cli/verbs.h"
#include "driver/sidecar.h"
#include "stats/input/input.h"
#include "stats/sp800_90b/assessment.h"
#include "stats/sp800_90b/budget.h"
#include "stats/sp800_90b/iid/iid_assessment.h"
#include "stats/sp800_90b/non_iid/streamed_assessment.h"
#include "stats/sp800_90b/report.h"
#include "stats/sp800_90b/restart_test.h"

namespace lightseed::cli {
namespace {

using namespace sp800_90b;

/// Longer input is assessed as it goes by, unless --whole is given.
constexpr std::size_t in_one_piece = Windows{}.every;

std::vector<std::string> split(const std::string& list) {
  std::vector<std::string> words;
  std::istringstream stream(list);
  for (std::string word; std::getline(stream, word, ',');)
    words.push_back(word);
  return words;
}

std::optional<double> number_of(const Context& context, const std::string& name) {
  if (!context.has(name)) return std::nullopt;
  return context.get<double>(name);
}

/// The format that the options name, else the side-car's, else a byte a sample.
InputOptions input_options(const Context& context, const std::string& file) {
  InputOptions options;
  const auto side = sidecar_path(file);
  if (file != "-" && std::filesystem::exists(side)) options.format = read_sidecar(side).source.format;
  if (context.has("bits")) {
    const unsigned bits = context.get<unsigned>("bits");
    options.format = {.bits = bits, .container_bits = bits > 8 ? 16U : 8U};
  }
  if (context.has("container")) options.format.container_bits = context.get<unsigned>("container");
  const auto order = context.get<std::string>("order");
  if (order != "msb" && order != "lsb") {
    throw Error(Category::usage, fmt::format("--order is msb or lsb, not {}", order));
  }
  // For packed samples the order of bits in a byte, for 16-bit containers that of the bytes, where LSB is usual.
  options.lsb_first = order == "lsb";
  options.big_endian = options.format.container_bits == 16 && !context.options["order"].defaulted() && order == "msb";
  if (context.has("keep")) {
    for (const std::string& bit : split(context.get<std::string>("keep"))) {
      unsigned number = 0;
      const auto [end, error] = std::from_chars(bit.data(), bit.data() + bit.size(), number);
      if (error != std::errc() || end != bit.data() + bit.size()) {
        throw Error(Category::usage, fmt::format("--keep {}: bits are numbers, the lowest is 0", bit));
      }
      options.keep.push_back(number);
    }
  }
  if (context.has("skip")) options.skip = parse_quantity("skip", context.get<std::string>("skip"), 0);
  if (context.has("samples")) options.count = parse_quantity("samples", context.get<std::string>("samples"));
  return options;
}

/// Refuses what would not fit in memory; says what to expect of what takes long.
void announce(const Context& context, const std::string& file, std::uint64_t samples, unsigned width) try {
  check_budget(samples, width, context.has("force") ? 0 : available_memory());
  const Budget budget = budget_of(samples, width);
  if (budget.seconds > 10) {
    std::cerr << fmt::format("{}: about {:.0f} s of CPU and up to {} MiB of memory\n", file, budget.seconds,
                             budget.bytes >> 20);
  }
} catch (const Error& error) {
  throw Error(error.category(), fmt::format("{}: {}", file, error.what()));
}

/// All samples in memory: a file that does not fit is refused before it is read, a pipe when it turns out so.
Input read_whole(const Context& context, const std::string& file, InputStream stream) {
  const unsigned width = stream.width();
  const auto expected = stream.expected();
  if (expected) announce(context, file, *expected, width);
  std::vector<std::uint8_t> symbols = stream.read(most_samples(width));
  if (!stream.at_end()) announce(context, file, most_samples(width) + 1, width);
  if (!expected) announce(context, file, symbols.size(), width);
  Input input = stream.finish();
  input.symbols = std::move(symbols);
  return input;
}

AssessmentOptions assessment_options(const Context& context, unsigned width, Progress& progress) {
  const bool bits_only = context.has("conditioned") || context.has("conditioning");
  AssessmentOptions options{.width = width,
                            .view = bits_only ? std::optional(View::bitstring) : std::nullopt,
                            .as_written = context.has("as-written"),
                            .threads = context.get<unsigned>("threads"),
                            .stop = context.stop,
                            .progress = [&](std::size_t done, std::size_t of) { progress.show(done, of, "steps"); }};
  if (context.has("only")) options.only = split(context.get<std::string>("only"));
  if (context.has("quick")) options.only.assign(one_pass_ids.begin(), one_pass_ids.end());
  if (context.has("bit-limit")) {
    options.bit_limit = parse_quantity("bit-limit", context.get<std::string>("bit-limit"));
  }
  return options;
}

PermutationOptions permutation_options(const Context& context, Progress& progress) {
  return {.seed = context.has("seed") ? context.get<std::uint64_t>("seed") : fresh_seed(),
          .full = context.has("full"),
          .threads = context.get<unsigned>("threads"),
          .stop = context.stop,
          .progress = [&](std::uint32_t done, std::uint32_t of) { progress.show(done, of, "rounds at most"); }};
}

/// What a file came to.
struct Outcome {
  double min_entropy = 0;
  bool passed = true;
  Json json;
};

Outcome assess_iid_track(const Context& context, const Input& input) {
  Progress progress("permuting");
  const IidAssessment result =
      assess_iid(input.symbols, {.width = input.width, .permutation = permutation_options(context, progress)});
  if (!context.json()) std::cout << input.file << ": " << table_of(result) << "\n" << explanation_of(result) << "\n";
  return {result.min_entropy, result.passed(), to_json(result)};
}

Outcome assess_restart_matrix(const Context& context, const Input& input) {
  RestartOptions options;
  options.matrix = parse_matrix("restart", context.get<std::string>("restart"));
  if (!context.has("claim")) throw Error(Category::usage, "--restart needs --claim H, the initial entropy estimate");
  options.claim = context.get<double>("claim");
  Progress progress("assessing");
  options.non_iid = assessment_options(context, input.width, progress);
  if (context.has("iid")) options.iid = permutation_options(context, progress);
  const RestartAssessment result = assess_restarts(input.symbols, options);
  if (!context.json()) std::cout << input.file << ": " << explanation_of(result) << "\n";
  return {result.min_entropy, result.passed(), to_json(result)};
}

Outcome non_iid_outcome(const Context& context, const std::string& file, const Assessment& result) {
  if (!context.json()) {
    std::cout << fmt::format("{}: {} samples of {} bits, {} values\n\n{}\n{}\n", file, result.samples, result.width,
                             result.alphabet, table_of(result), explanation_of(result, number_of(context, "claim")));
  }
  return {result.min_entropy, true, to_json(result)};
}

void warn(const Input& input) {
  for (const std::string& warning : input.warnings)
    std::cerr << fmt::format("{}: {}\n", input.file, warning);
}

Outcome assess_whole(const Context& context, const Input& input) {
  Progress progress("assessing");
  return non_iid_outcome(context, input.file,
                         assess(input.symbols, assessment_options(context, input.width, progress)));
}

/// Adds which source gave the samples, so that the assessment can support a claim for it. Only the side-car of this
/// very file knows.
void name_source(const Input& input, Json& json) {
  const auto side = sidecar_path(input.file);
  if (input.file == "-" || !std::filesystem::exists(side)) return;
  const Sidecar sidecar = read_sidecar(side);
  if (sidecar.sha256 == input.sha256) {
    json["source"] = to_json(sidecar.source);
  } else {
    std::cerr << fmt::format("{}: {} is of other data, so it is not known which source gave these\n", input.file,
                             side.string());
  }
}

/// A file's facts in front of what its samples came to.
Outcome with_input(const Input& input, Outcome outcome) {
  Json json = to_json(input);
  name_source(input, json);
  json.update(outcome.json);
  json["warnings"] = input.warnings;
  outcome.json = std::move(json);
  return outcome;
}

/// More samples than are assessed in one piece: what `begin` holds and the rest of the stream, as it comes.
Outcome assess_streamed(const Context& context, const std::string& file, InputStream stream,
                        std::vector<std::uint8_t> begin) {
  const std::uint64_t expected = stream.expected().value_or(0);
  Progress progress("assessing");
  StreamedAssessment assessment(assessment_options(context, stream.width(), progress), {});
  std::uint64_t done = 0;
  for (std::vector<std::uint8_t> piece = std::move(begin); !piece.empty(); piece = stream.read(1 << 20)) {
    for (std::span<const std::uint8_t> rest = piece; !rest.empty();) {
      const auto part = rest.first(std::min<std::size_t>(rest.size(), 1 << 20));
      assessment.add(part);
      rest = rest.subspan(part.size());
      done += part.size();
      progress.show(done, expected, "samples");
    }
  }
  const Input input = stream.finish();
  warn(input);
  return with_input(input, non_iid_outcome(context, file, assessment.result()));
}

/// One file: reads, warns, assesses, prints words.
Outcome assess_file(const Context& context, const std::string& file) {
  InputStream stream(file, input_options(context, file));
  if (context.has("restart") || context.has("iid") || context.has("whole") || context.has("bit-limit")) {
    const Input input = read_whole(context, file, std::move(stream));
    warn(input);
    return with_input(input, context.has("restart") ? assess_restart_matrix(context, input)
                             : context.has("iid")   ? assess_iid_track(context, input)
                                                    : assess_whole(context, input));
  }
  std::vector<std::uint8_t> begin = stream.read(in_one_piece);
  if (!stream.at_end()) return assess_streamed(context, file, std::move(stream), std::move(begin));
  announce(context, file, begin.size(), stream.width());
  Input input = stream.finish();
  input.symbols = std::move(begin);
  warn(input);
  return with_input(input, assess_whole(context, input));
}

int assess_files(const Context& context) {
  const auto files = context.get<std::vector<std::string>>("file");
  Json all = Json::array();
  double least = HUGE_VAL;
  double sum = 0;
  bool passed = true;
  std::string table;
  for (const std::string& file : files) {
    Outcome outcome = assess_file(context, file);
    all.push_back(std::move(outcome.json));
    table += fmt::format("{:>12.6f}  {}{}\n", outcome.min_entropy, file, outcome.passed ? "" : "  FAILED");
    least = std::min(least, outcome.min_entropy);
    sum += outcome.min_entropy;
    passed = passed && outcome.passed;
  }
  const double mean = sum / static_cast<double>(files.size());
  // A restart test compares with the claim itself, and differently.
  const bool claimed = context.has("claim") && !context.has("restart");
  const double claim = claimed ? context.get<double>("claim") : 0;
  Json body;
  if (files.size() == 1) {
    body["assessment"] = all[0];
  } else {
    body["assessments"] = all;
    body["aggregate"] = {{"files", files.size()}, {"min_entropy", least}, {"mean", mean}};
    if (!context.json()) {
      std::cout << fmt::format("bits/sample\n{}smallest {:.6f}, mean {:.6f}; the smallest counts\n", table, least,
                               mean);
    }
  }
  if (claimed) body["claim"] = {{"bits_per_sample", claim}, {"holds", least >= claim}};
  if (context.json()) print_json("assess", body);
  return !passed || least < claim ? exit_code(Category::verdict) : 0;
}

/// 3.1.5: from the sizes alone, or with the output of a component that nobody has vetted.
int assess_conditioning(const Context& context) {
  if (context.has("vetted") == context.has("file")) {
    throw Error(Category::usage,
                "--conditioning needs either --vetted or one FILE with output of the component (SP 800-90B 3.1.5)");
  }
  if (context.has("vetted")) return show_conditioning(context, nullptr);
  const auto files = context.get<std::vector<std::string>>("file");
  if (files.size() != 1) throw Error(Category::usage, "--conditioning takes one FILE");
  return show_conditioning(context, assess_file(context, files[0]).json);
}

int run(const Context& context) {
  if (context.has("cutoffs")) return show_cutoffs(context);
  if (context.has("conditioning")) return assess_conditioning(context);
  if (!context.has("file")) throw Error(Category::usage, "assess what? Name a file, or - for stdin");
  return assess_files(context);
}

}  // namespace

Command assess_command() {
  namespace po = boost::program_options;
  Command command{
      .name = "assess",
      .summary = "estimate min-entropy as NIST SP 800-90B does",
      .description =
          "Runs the estimators of SP 800-90B on raw samples and says what the result means. The numbers are\n"
          "those of NIST's tool. FILE may be -, and several FILEs give a table and the smallest result.\n"
          "Samples: one a byte unless --container or a capture's side-car says otherwise.",
      .examples = {"lightseed assess raw.bin --bits 8", "lightseed assess bits.bin --bits 1 --container 1",
                   "lightseed assess adc.bin --bits 12 --keep 9,8,7,6,5,4,3,2",
                   "lightseed assess raw.bin --iid --seed 1", "lightseed assess restarts.bin --restart --claim 6.4",
                   "lightseed assess --cutoffs --claim 6.4 --alpha-log2 -30",
                   "lightseed assess --conditioning 2048,256,256,1200 --vetted"},
      .options = po::options_description("Options"),
      .positional = {"file"},
      .run = run};
  auto add = command.options.add_options();
  add("file", po::value<std::vector<std::string>>()->value_name("FILE"), "raw samples, or - for stdin");
  add("bits", po::value<unsigned>()->value_name("N"), "bits a sample, 1 to 16 (8)");
  add("container", po::value<unsigned>()->value_name("N"),
      "bits a sample takes in the file: 8 or 16, or 1, 2, 4 for packed ones");
  add("order", po::value<std::string>()->default_value("msb")->value_name("msb|lsb"),
      "which bits of a byte come first; of 16-bit containers, which byte (lsb unless told)");
  add("keep", po::value<std::string>()->value_name("LIST"), "bits to keep of samples wider than 8, best first");
  add("skip", po::value<std::string>()->value_name("N"), "samples to leave out at the start");
  add("samples", po::value<std::string>()->value_name("N"), "samples to take: 1M");
  add("only", po::value<std::string>()->value_name("LIST"), "estimators to run: lrs,markov");
  add("quick", "the quick estimators only: a screen, no assessment");
  add("iid", "test whether the samples are independent and identically distributed: exit code 1 when not");
  add("seed", po::value<std::uint64_t>()->value_name("N"), "of the permutations; a fresh one unless told");
  add("full", "all 10000 permutations for every statistic, for exact counts");
  add("restart", po::value<std::string>()->implicit_value("1000x1000")->value_name("RxC"),
      "the file is a restart matrix, row by row; --claim is the initial estimate (3.1.4)");
  add("conditioned", "output of a conditioning component: the bit string alone (3.1.5.2)");
  add("conditioning", po::value<std::string>()->value_name("NIN,NOUT,NW,HIN"),
      "min-entropy of a conditioning component's output from its sizes and the min-entropy of its input, in bits: of a "
      "--vetted one, or of one whose output is FILE (3.1.5)");
  add("vetted", "the component is one of SP 800-90B 3.1.5.1.1");
  add("bit-limit", po::value<std::string>()->value_name("N"), "bits of the bit string to use; NIST's -t is 1M");
  add("as-written", "the standard's text where NIST's tool differs from it");
  add("claim", po::value<double>()->value_name("H"), "bits per sample claimed: exit code 1 when it does not hold");
  add("cutoffs", "print the health tests' cut-offs for --claim (4.4)");
  add("alpha-log2", po::value<double>()->default_value(-30, "-30")->value_name("N"), "their false-alarm rate, 2^N");
  add("threads", po::value<unsigned>()->default_value(0)->value_name("N"), "0: one a core");
  add("whole",
      "all samples in memory for every estimator, as NIST's tool; without it input of more than 10M samples\n"
      "streams through the estimators that can, and the others see the first million of every ten");
  add("force", "go on even if memory may not suffice");
  return command;
}

}  // namespace lightseed::cli

// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>

#include "cli/assess_input.h"
#include "cli/verbs.h"
#include "entropy/condition/output_entropy.h"

namespace lightseed::cli {
namespace {

using namespace sp800_90b;

/// Four numbers with commas between; their ranges are checked where they are used.
Conditioning parse_sizes(const std::string& text) {
  const std::vector<std::string> words = split_list(text);
  if (words.size() != 4) {
    throw Error(Category::usage,
                fmt::format("--sizes {}: expected bits in, bits out, narrowest internal width and min-entropy in, such "
                            "as 2048,256,256,1200",
                            text));
  }
  constexpr CountRange bits{0, std::uint64_t{1} << 31};
  const auto size = [&](std::size_t i) { return static_cast<unsigned>(parse_count("sizes", words[i], bits)); };
  return {.n_in = size(0),
          .n_out = size(1),
          .nw = size(2),
          .h_in = parse_number("sizes", words[3], {0, static_cast<double>(bits.most)})};
}

/// h' of 3.1.5.2: what an assessment of the component's output finds, a bit.
double assessed_per_bit(const Context& context, Json& assessment) {
  const Input input = read_whole(context, context.text("file"));
  Progress progress(context.console, "assessing");
  AssessmentOptions options = assessment_options(context, input.width, progress);
  options.view = View::bitstring;
  const Assessment result = assess(input.symbols, options);
  assessment = with_input(context, input, to_json(result));
  return result.h_bitstring.value_or(0);
}

int run_assess_conditioning(const Context& context) {
  const bool vetted = context.has("vetted");
  if (vetted == context.has("file")) {
    throw Error(Category::usage,
                "a conditioning component needs either --vetted or one FILE with its output (SP 800-90B 3.1.5)");
  }
  const Conditioning sizes = parse_sizes(context.text("sizes"));
  Json assessment;
  const double per_bit = vetted ? 1 : assessed_per_bit(context, assessment);
  const ConditionedEntropy entropy = vetted ? vetted_output_entropy(sizes) : non_vetted_output_entropy(sizes, per_bit);
  const bool full = vetted && gives_full_entropy(sizes);
  if (context.json()) {
    Json json = lightseed::to_json(sizes, entropy);
    json["vetted"] = vetted;
    json["full_entropy"] = full;
    if (!vetted) json["assessed_per_bit"] = per_bit;
    Json body{{"conditioning", std::move(json)}};
    if (!vetted) body["assessment"] = assessment;
    context.print_json("assess-conditioning", body);
    return 0;
  }
  context.out() << fmt::format("Output entropy {:.12g} of {} bits (SP 800-90B {}", entropy.h_out, sizes.n_out,
                               vetted ? "3.1.5.1, vetted component" : "3.1.5.2, component that is not vetted");
  if (!vetted) context.out() << fmt::format(", h' = {:.6f} a bit", per_bit);
  context.out() << fmt::format(");\n{} - 2^{:.4f} is what the mathematics leaves.\n", std::min(sizes.n_out, sizes.nw),
                               entropy.log2_deficit);
  context.out() << (full     ? "Full entropy by SP 800-90C: 64 bits more went in than come out.\n"
                    : vetted ? "No full entropy by SP 800-90C: that takes n_out + 64 bits of min-entropy in.\n"
                             : "No full entropy by SP 800-90C: only vetted components can give it.\n");
  return 0;
}

}  // namespace

Command assess_conditioning_command() {
  return {
      .name = "assess conditioning",
      .group = "Assessment (NIST SP 800-90B)",
      .summary = "min-entropy of a conditioning component's output",
      .description =
          "From the sizes of a component and the min-entropy of its input (SP 800-90B 3.1.5): of a --vetted one, or of "
          "one that nobody has vetted, whose output is FILE.",
      .examples = {"lightseed assess conditioning --sizes 2048,256,256,1200 --vetted",
                   "lightseed assess conditioning --sizes 512,256,256,300 out.bin"},
      .options = with_sample_options(
          false, {{.name = "sizes",
                   .value = "NIN,NOUT,NW,HIN",
                   .text = "bits in, bits out, narrowest internal width, and min-entropy in, in bits",
                   .required = true},
                  {.name = "vetted", .text = "the component is one of SP 800-90B 3.1.5.1.1"},
                  {.name = "only", .value = "LIST", .text = "estimators to run: lrs,markov"}}),
      .positional = {"file"},
      .run = run_assess_conditioning};
}

}  // namespace lightseed::cli

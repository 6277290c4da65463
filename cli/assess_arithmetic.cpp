#include "cli/assess_arithmetic.h"

#include <fmt/format.h>

#include <iostream>
#include <sstream>

#include "entropy/condition/output_entropy.h"
#include "stats/health/cutoffs.h"

namespace lightseed::cli {
namespace {

/// Four numbers with commas between; the sizes are checked where they are used.
Conditioning parse_conditioning(const std::string& text) {
  Conditioning sizes;
  std::istringstream stream(text);
  char comma[3] = {};
  stream >> sizes.n_in >> comma[0] >> sizes.n_out >> comma[1] >> sizes.nw >> comma[2] >> sizes.h_in;
  const bool good = !stream.fail() && stream.eof() && std::string_view(comma, 3) == ",,,";
  if (!good) {
    throw Error(Category::usage,
                fmt::format("--conditioning {}: expected bits in, bits out, narrowest internal width and min-entropy "
                            "in, such as 2048,256,256,1200",
                            text));
  }
  return sizes;
}

}  // namespace

int show_cutoffs(const Context& context) {
  if (!context.has("claim")) throw Error(Category::usage, "--cutoffs needs --claim H, in bits per sample");
  const double claim = context.get<double>("claim");
  const double alpha = context.get<double>("alpha-log2");
  const unsigned bits = context.has("bits") ? context.get<unsigned>("bits") : 8;
  const std::uint32_t window = health::adaptive_proportion_window(bits);
  const std::uint32_t repetition = health::repetition_count_cutoff(claim, alpha);
  const std::uint32_t proportion = health::adaptive_proportion_cutoff(window, claim, alpha);
  if (context.json()) {
    print_json("assess-cutoffs", {{"cutoffs",
                                   {{"min_entropy", claim},
                                    {"alpha_log2", alpha},
                                    {"repetition_count", {{"cutoff", repetition}}},
                                    {"adaptive_proportion", {{"window", window}, {"cutoff", proportion}}}}}});
  } else {
    std::cout << fmt::format(
        "For {} bits per sample and a false alarm once in 2^{} tests (SP 800-90B 4.4):\n"
        "repetition count     alarm at {} equal samples in a row\n"
        "adaptive proportion  alarm at {} of {} samples equal to the first\n",
        claim, -alpha, repetition, proportion, window);
  }
  return 0;
}

int show_conditioning(const Context& context, const Json& conditioned) {
  const Conditioning sizes = parse_conditioning(context.get<std::string>("conditioning"));
  const bool vetted = conditioned.is_null();
  const double per_bit = vetted ? 1 : conditioned.at("h_bitstring").get<double>();
  const ConditionedEntropy entropy = vetted ? vetted_output_entropy(sizes) : non_vetted_output_entropy(sizes, per_bit);
  const bool full = vetted && gives_full_entropy(sizes);
  if (context.json()) {
    Json json = to_json(sizes, entropy);
    json["vetted"] = vetted;
    json["full_entropy"] = full;
    Json body{{"conditioning", std::move(json)}};
    if (!vetted) {
      body["conditioning"]["assessed_per_bit"] = per_bit;
      body["assessment"] = conditioned;
    }
    print_json("assess-conditioning", body);
    return 0;
  }
  std::cout << fmt::format("Output entropy {:.12g} of {} bits (SP 800-90B {}", entropy.h_out, sizes.n_out,
                           vetted ? "3.1.5.1, vetted component" : "3.1.5.2, component that is not vetted");
  if (!vetted) std::cout << fmt::format(", h' = {:.6f} a bit", per_bit);
  std::cout << fmt::format("); {} - 2^{:.4f} is what the mathematics leaves.\n", std::min(sizes.n_out, sizes.nw),
                           entropy.log2_deficit);
  std::cout << (full     ? "Full entropy by SP 800-90C: 64 bits more went in than come out.\n"
                : vetted ? "No full entropy by SP 800-90C: that takes n_out + 64 bits of min-entropy in.\n"
                         : "No full entropy by SP 800-90C: only vetted components can give it.\n");
  return 0;
}

}  // namespace lightseed::cli

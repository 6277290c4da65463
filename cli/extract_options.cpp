// SPDX-License-Identifier: Apache-2.0
#include "cli/extract_options.h"

#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <thread>

#include "cli/assess_input.h"
#include "cli/key_options.h"
#include "cli/words.h"
#include "core/error.h"
#include "entropy/extract/registry.h"

namespace lightseed::cli {
namespace {

/// What an extractor may be asked for: it is for experiments as well, so hardly limited.
constexpr NumberRange log2_epsilons{-4000, -1};

std::vector<std::string> extractor_names() {
  std::vector<std::string> names;
  for (const ExtractorKind& kind : extractors())
    names.emplace_back(kind.name);
  return names;
}

/// Who says the length of a block means it, and who brings a seed brings it for one length.
Preference preference(const Context& context) {
  const bool fixed = context.has("block-bits") || (context.has("seed-file") && !context.options.given("prefer"));
  return fixed ? Preference::yield : preference_from(context.text("prefer"));
}

}  // namespace

std::vector<Option> extract_options() {
  return {
      {.name = "input", .value = "IN", .text = "raw bits: a file, or - for stdin", .fallback = "-"},
      {.name = "output", .letter = 'o', .value = "FILE", .text = "new file (mode 0600), or - for stdout"},
      {.name = "using",
       .value = "NAME",
       .text = "extractor",
       .fallback = "modified-toeplitz",
       .choices = extractor_names()},
      {.name = "claim", .value = "H", .text = "bits of min-entropy a raw sample has", .required = true},
      {.name = "format",
       .value = "FORM",
       .text = "how samples lie in the file (docs/sp800-90b.md); its bytes as they are unless told",
       .choices = form_names()},
      {.name = "column", .value = "NAME", .text = "column of a table, or channel of a WAV file: a name or a number"},
      {.name = "bits",
       .value = "N",
       .text = "bits a sample takes in the file; the side-car's, or 8; 1 when H is the entropy of a bit"},
      {.name = "epsilon",
       .value = "P",
       .text = "largest distance from uniform of all output together",
       .fallback = "2^-64"},
      {.name = "raw-bits",
       .value = "N",
       .text = "most raw bits the promise covers: 1G, 64Mi; the file's, for a pipe 2^50, unless told"},
      {.name = "block-bits",
       .value = "N",
       .text =
           "raw bits of a block, as they are; chosen near 16384 unless told. Some kinds take the next length below"},
      prefer_option(),
      {.name = "output-bits",
       .value = "N",
       .text = "output bits of a block; the most the theory allows, in whole words, unless told"},
      {.name = "side",
       .value = "KIND",
       .text = "side information somebody may hold",
       .fallback = "quantum",
       .choices = {"quantum", "classical"}},
      {.name = "smoothing",
       .value = "P",
       .text = "the entropy is smooth min-entropy with this smoothing parameter a block"},
      {.name = "seed-entropy", .value = "H", .text = "min-entropy of a seed bit, for weak seeds", .fallback = "1"},
      {.name = "seed-file",
       .value = "FILE",
       .text = "the seed string, for dodis and raz the second source's; the operating system's generator unless told"},
      {.name = "seed-order",
       .value = "ORDER",
       .text = "of the seed's bits; a peer's may differ",
       .fallback = "native",
       .choices = {"native", "wrapped", "column-first", "row-first"}},
      {.name = "threads", .value = "N", .text = "threads that extract, up to 256; 0: one a core", .fallback = "0"},
      {.name = "discard-tail", .text = "leave out raw bits at the end that do not fill a block"},
      {.name = "plan", .text = "extract nothing; show what each extractor yields"}};
}

double epsilon_limit(const Context& context) {
  return context.options.log2_probability("epsilon", log2_epsilons);
}

unsigned thread_count(const Context& context) {
  const auto asked = static_cast<unsigned>(context.options.count("threads", {0, 256}));
  return asked != 0 ? asked : std::clamp(std::thread::hardware_concurrency(), 1U, 256U);
}

stats::InputOptions input_form(const Context& context) {
  stats::InputOptions options;
  options.form = context.options.text_or("format", "");
  options.column = context.options.text_or("column", "");
  if (context.has("bits")) options.said_bits = static_cast<unsigned>(context.options.count("bits", {1, 16}));
  return options;
}

RawSamples raw_samples(const Context& context, std::optional<unsigned> container_bits,
                       const std::optional<Sidecar>& sidecar) {
  RawSamples samples;
  if (container_bits) {
    samples.bits = *container_bits;
  } else if (context.has("bits")) {
    samples.bits = static_cast<unsigned>(context.options.count("bits", {1, 16}));
  } else if (sidecar) {
    samples.bits = sidecar->source.format.container_bits;
  }
  samples.claim = context.options.number("claim", {0, 16, true});
  if (samples.claim > samples.bits) {
    throw Error(Category::usage, fmt::format("--claim {}: a sample of {} holds {} at most", samples.claim,
                                             counted(samples.bits, "bit"), counted(samples.bits, "bit")));
  }
  return samples;
}

StringRequest extraction_request(const Context& context, const RawSamples& samples,
                                 std::optional<std::uint64_t> most_bits) {
  ExtractionRequest request;
  if (context.has("block-bits")) request.block_bits = context.options.count("block-bits");
  request.entropy_per_bit = samples.claim / samples.bits;
  request.log2_epsilon = epsilon_limit(context);
  request.seed_entropy_per_bit = context.options.number("seed-entropy", {0, 1, true});
  if (context.has("output-bits")) request.output_bits = context.options.count("output-bits");
  if (context.has("smoothing")) request.log2_smoothing = context.options.log2_probability("smoothing", log2_epsilons);
  request.side = context.text("side") == "quantum" ? SideInformation::quantum : SideInformation::classical;
  validate(request);
  const std::uint64_t raw_bits =
      context.has("raw-bits") ? context.options.count("raw-bits") : most_bits.value_or(std::uint64_t{1} << 50);
  return {request, raw_bits, preference(context)};
}

}  // namespace lightseed::cli

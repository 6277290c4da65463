// SPDX-License-Identifier: Apache-2.0
#include "cli/key_options.h"

#include <fmt/format.h>

#include <cmath>

#include "entropy/extract/registry.h"

namespace lightseed::cli {

namespace {

std::vector<std::string> seeded_extractors() {
  std::vector<std::string> names;
  for (const ExtractorKind& kind : extractors())
    if (kind.seeded) names.emplace_back(kind.name);
  return names;
}

}  // namespace

Option prefer_option() {
  return {.name = "prefer",
          .value = "WHAT",
          .text = "sizes of a block: most output a raw bit, most a second, or most a second for 2 % of the yield",
          .fallback = "balanced",
          .choices = {"yield", "rate", "balanced"}};
}

std::vector<Option> key_options() {
  return {
      {.name = "epsilon",
       .value = "P",
       .text = "largest distance from uniform of all output together: 2^-64 or 1e-20",
       .fallback = "2^-64"},
      {.name = "extractor",
       .value = "NAME",
       .text = "how raw bits become uniform ones, with a seed",
       .fallback = "modified-toeplitz",
       .choices = seeded_extractors()},
      prefer_option(),
      {.name = "seed-source",
       .value = "URI",
       .text = "a second, independent source: its bits are XORed onto the extractor's seed, which otherwise comes from "
               "the operating system alone"},
      {.name = "mode",
       .value = "MODE",
       .text = "what stands behind the extractor (SP 800-90C)",
       .fallback = "full-entropy",
       .choices = {"full-entropy", "rbg3-xor", "rbg3-rs", "rbg2"}},
      {.name = "drbg",
       .value = "NAME",
       .text = "DRBG of SP 800-90A, for every mode but full-entropy",
       .fallback = "hmac-sha2-256",
       .choices = {"hmac-sha2-256", "hmac-sha2-512", "hash-sha2-256", "hash-sha2-512", "ctr-aes-256"}},
      {.name = "seed-bytes", .value = "N", .text = "rbg2: most bytes between two reseeds", .fallback = "1Mi"},
      {.name = "iid-claim",
       .text = "you can answer for it that samples are independent and identically distributed: test it (SP 800-90B "
               "5), and take the higher IID estimate only if every test passes"}};
}

int log2_epsilon(const Context& context) {
  return static_cast<int>(std::floor(context.options.log2_probability("epsilon", {-1000, -32})));
}

RandomBits::Settings expansion_settings(const Context& context) {
  const std::string mode = context.text("mode");
  const auto needs = [&](const char* option, bool used) {
    if (used || !context.options.given(option)) return;
    throw Error(Category::usage, fmt::format("--{} has no effect with --mode {}: leave it out", option, mode));
  };
  needs("drbg", mode != "full-entropy");
  needs("seed-bytes", mode == "rbg2");
  return {.construction = construction_from(mode),
          .drbg = context.text("drbg"),
          .bytes_per_seed = context.options.count("seed-bytes")};
}

}  // namespace lightseed::cli

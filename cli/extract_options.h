// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "cli/command.h"
#include "driver/sidecar.h"
#include "pipeline/recommend.h"
#include "stats/input/input.h"

namespace lightseed::cli {

/// The options of `lightseed extract`.
std::vector<Option> extract_options();

/// log2 of --epsilon, of all output together.
double epsilon_limit(const Context& context);

/// Threads for --threads N: 0 means one a core.
unsigned thread_count(const Context& context);

/// --format, --column and --bits: how samples lie in the input.
stats::InputOptions input_form(const Context& context);

/// What is promised of raw samples.
struct RawSamples {
  unsigned bits = 8;  ///< that a sample takes
  double claim = 0;   ///< bits of min-entropy of a sample
};

/// --claim, of samples as wide as their container is where a format was decoded; otherwise --bits, or what the side-car
/// knows, where there is one.
RawSamples raw_samples(const Context& context, std::optional<unsigned> container_bits,
                       const std::optional<Sidecar>& sidecar);

/// What the options ask for. --raw-bits says how many raw bits the promise covers; otherwise as many as there can be,
/// or 2^50 for a pipe.
StringRequest extraction_request(const Context& context, const RawSamples& samples,
                                 std::optional<std::uint64_t> most_bits);

}  // namespace lightseed::cli

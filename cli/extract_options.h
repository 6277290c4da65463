// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "cli/command.h"
#include "driver/sidecar.h"
#include "pipeline/recommend.h"

namespace lightseed::cli {

/// The options of `lightseed extract`.
std::vector<Option> extract_options();

/// log2 of --epsilon, of all output together.
double epsilon_limit(const Context& context);

/// Threads for --threads N: 0 means one a core.
unsigned thread_count(const Context& context);

/// What the options ask for. --raw-bits says how many raw bits the promise covers;
/// otherwise the input's length, or 2^50 for a pipe. The side-car, where there is one, knows the samples' width.
StringRequest extraction_request(const Context& context, std::optional<std::uint64_t> input_bytes,
                                 const std::optional<Sidecar>& sidecar);

}  // namespace lightseed::cli

#pragma once

#include <cstdint>
#include <optional>

#include "cli/command.h"
#include "entropy/extract/plan.h"

namespace lightseed::cli {

/// The options of `lightseed extract`.
boost::program_options::options_description extract_options();

/// log2 of --epsilon, which is written 2^-64 or 1e-20. Throws Error(usage).
double epsilon_limit(const Context& context);

/// --raw-bits, or eight times the input's bytes, or 2^50 for a pipe without --raw-bits.
std::uint64_t expected_raw_bits(const Context& context, std::optional<std::uint64_t> input_bytes);

/// What the options say about one block; its epsilon is still the limit for all.
ExtractionRequest extraction_request(const Context& context);

}  // namespace lightseed::cli

#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <vector>

#include "core/json.h"
#include "core/min_entropy.h"
#include "core/sample_format.h"

namespace lightseed::cli {

/// How the command measures min-entropy on a run's own raw samples, and how it checks such a measurement later:
/// the seam between stats/ and the rooms that may not know it.

/// Most common value estimate, SP 800-90B 6.3.1. Samples of up to 8 bits. Throws Error(usage) for wider ones.
MinEntropy assess_raw(std::span<const std::byte> raw, const SampleFormat& format);

/// Recomputes the estimate from the counts it states; one sentence a fault.
std::vector<std::string> check_raw_assessment(const Json& measured);

}  // namespace lightseed::cli

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>

namespace lightseed::sp800_90b {

/// What an assessment will take, before it starts.
struct Budget {
  std::uint64_t bytes = 0;  ///< memory at its peak, in the worst case (data that repeat)
  double seconds = 0;       ///< CPU time on a machine of 2023, healthy data
};

/// `samples` of `width` bits, the non-IID track on both views.
Budget budget_of(std::uint64_t samples, unsigned width);

/// Throws Error(refused) when `samples` are more than one assessment takes, or may need more than `memory` bytes
/// (0: not known); the message says what to do.
void check_budget(std::uint64_t samples, unsigned width, std::uint64_t memory);

/// Memory this machine can still give, in bytes; 0 where it cannot be known.
std::uint64_t available_memory();

/// The most samples of `width` bits the estimators take in one piece; the limit is in their 32-bit positions.
std::uint64_t most_samples(unsigned width);

}  // namespace lightseed::sp800_90b

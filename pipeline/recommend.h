// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "entropy/extract/plan.h"

namespace lightseed {

/// Which extractor serves given raw bits best.

/// A request whose epsilon is one block's share of what all blocks together may cost.
struct SharedRequest {
  ExtractionRequest request;      ///< its log2_epsilon is of one block
  std::uint64_t blocks = 0;       ///< blocks the promise covers
  double log2_epsilon_total = 0;  ///< of all of them: the share times the blocks, rounded up to a power of two
};

/// Divides `request.log2_epsilon`, which is of all output together, among the blocks of `raw_bits`. Kinds with a
/// special length take blocks slightly shorter than asked for, so more of them; twice the number covers that.
SharedRequest share_epsilon(ExtractionRequest request, std::uint64_t raw_bits);

/// What one kind of extractor makes of a request.
struct Candidate {
  std::string_view extractor;
  std::optional<ExtractorPlan> plan{};  ///< nothing: it cannot
  std::string refused{};                ///< then: why, with the arithmetic
  double raw_bits_per_second = 0;       ///< measured here, on one thread

  /// A seeded extractor's output does not depend on the statistics of the input beyond its min-entropy.
  [[nodiscard]] bool is_seeded() const noexcept { return plan && plan->shape.seed_bits != 0; }
};

struct Recommendation {
  std::vector<Candidate> candidates;  ///< every kind, in the registry's order
  std::string best;                   ///< seeded kind with the best yield, the fastest within 1 %; empty: none can
};

/// Plans every kind and measures its speed for some milliseconds each. Throws Error(interrupted) when stopped.
Recommendation recommend_extractor(const ExtractionRequest& request, const std::stop_token& stop);

}  // namespace lightseed

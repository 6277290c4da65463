// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "entropy/extract/plan.h"
#include "entropy/extract/shapes.h"

namespace lightseed {

/// Which extractor serves given raw bits best.

/// What is wanted of a string of raw bits.
struct StringRequest {
  ExtractionRequest request;              ///< its log2_epsilon is of all output together
  std::uint64_t raw_bits = 0;             ///< that the promise covers
  Preference prefer = Preference::yield;  ///< what the sizes of a block are chosen for
};

/// What one kind of extractor makes of a request.
struct Candidate {
  std::string_view extractor;
  std::optional<ExtractorPlan> plan{};  ///< nothing: it cannot
  std::uint64_t blocks = 0;             ///< of its own length, in all raw bits
  double log2_epsilon_total = 0;        ///< of all of them together
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
Recommendation recommend_extractor(const StringRequest& wanted, const std::stop_token& stop);

}  // namespace lightseed

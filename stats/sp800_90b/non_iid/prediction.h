// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "stats/sp800_90b/estimator.h"

namespace lightseed::sp800_90b {

/// What a predictor achieved and the min-entropy that follows (6.3.7, steps 5–7; the same in 6.3.8–6.3.10).
struct Prediction {
  std::uint64_t correct = 0;      ///< C
  std::uint64_t run = 0;          ///< r: the longest run of right predictions, plus one
  std::uint64_t predictions = 0;  ///< N
  double p_global = 0;            ///< C/N
  double p_global_bound = 0;      ///< its upper bound, 99 %
  std::optional<double> p_local;  ///< from the longest run; only where it decides
  double min_entropy = 0;         ///< bits per symbol
};

/// `longest_run` right predictions in a row, `alphabet` symbols >= 2, N > 1.
Prediction prediction(std::uint64_t correct, std::uint64_t longest_run, std::uint64_t predictions, unsigned alphabet);

/// Its numbers under the names that records have.
Estimate estimate_of(std::string_view id, const Prediction& x);

/// What follows from a predictor's stated counts when the first `unpredicted` samples are not predicted; nothing when
/// the counts cannot be.
std::optional<Estimate> predictor_again(const Estimate& stated, const ViewShape& shape, std::size_t unpredicted);

}  // namespace lightseed::sp800_90b

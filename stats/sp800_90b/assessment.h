// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <stop_token>
#include <string>
#include <vector>

#include "evidence/assessment_record.h"
#include "stats/sp800_90b/estimators.h"

namespace lightseed::sp800_90b {

using Assessment = AssessmentRecord;
using Windows = WindowsRecord;

struct AssessmentOptions {
  unsigned width = 8;               ///< bits a sample
  std::vector<std::string> only{};  ///< ids of the estimators to run; empty: all ten
  /// Nothing: both views as 3.1.3 says. bitstring: data of a conditioning component (3.1.5.2). literal: restarts
  /// (3.1.4).
  std::optional<View> view{};
  bool as_written = false;    ///< the text of the standard where NIST's tool differs from it (MultiMMC)
  std::size_t bit_limit = 0;  ///< bits of the bit string to use; 0: all. NIST's tool has 1000000 with -t
  unsigned threads = 0;       ///< 0: one a core
  std::stop_token stop{};
  /// Told after each estimator: how many of how many are done.
  std::function<void(std::size_t done, std::size_t of)> progress{};
};

/// The fewest samples an assessment takes; the standard asks for 1000000 (3.1.1).
inline constexpr std::size_t fewest_samples = 1000;
inline constexpr std::size_t wanted_samples = 1'000'000;

/// Throws Error(not_enough_data) below fewest_samples, saying how many there are.
void require_samples(std::uint64_t samples);

/// The non-IID track (3.1.3, 6.3) on `raw`, one sample a byte: every estimator on every view it applies to, and the
/// smallest result. Constant data have min-entropy 0.
/// Throws Error(not_enough_data) below fewest_samples, Error(usage) for samples wider than `width` or an unknown
/// estimator, Error(interrupted) when asked to stop.
Assessment assess(std::span<const std::uint8_t> raw, const AssessmentOptions& options);

/// 3.1.3: does the track ask for this estimator on this view of samples of `width` bits and `alphabet` values?
/// In a stream (`windows`) samples of two values are not renumbered, so that their bits are a view of their own.
bool asks_for(const Estimator& estimator, View view, const Assessment& assessment);

/// Fills in h_original, h_bitstring, min_entropy and complete from the estimates.
void sum_up(Assessment& assessment);

/// What an estimate of that view looked at: all samples, all their bits, or a window of either.
ViewShape shape_of(const Assessment& assessment, const Estimate& estimate);

/// Whether every estimate that the track asks for (of the one view, if one was asked for) is there, with a result or
/// with the right to have none on so few samples. What a record says of itself is not asked.
bool is_complete(const Assessment& assessment);

}  // namespace lightseed::sp800_90b

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "core/json.h"
#include "evidence/restart_record.h"
#include "stats/sp800_90b/assessment.h"
#include "stats/sp800_90b/iid/iid_assessment.h"

namespace lightseed::sp800_90b {

/// Shape of the restart matrix (3.1.4.1): samples after each restart, row by row.
struct RestartMatrix {
  std::size_t restarts = 1000;  ///< rows
  std::size_t samples = 1000;   ///< columns: samples after each restart
};

struct RestartOptions {
  RestartMatrix matrix{};
  double claim = 0;                         ///< H_I, the initial entropy estimate, bits per sample
  AssessmentOptions non_iid{};              ///< width, threads, stop, progress
  std::optional<PermutationOptions> iid{};  ///< the IID track instead
};

/// One of the two orders in which the matrix is read.
struct RestartData {
  std::uint64_t most_frequent = 0;     ///< highest count of one value in one row (or column)
  double min_entropy = 0;              ///< H_r or H_c, bits per sample
  Assessment non_iid{};                ///< non-IID track, the samples themselves
  std::optional<IidAssessment> iid{};  ///< IID track
};

/// The restart tests (3.1.4): does the source say something else after each start?
struct RestartAssessment {
  RestartMatrix matrix{};
  double claim = 0;
  double alpha = 0;          ///< false-alarm rate a row or column
  std::uint64_t cutoff = 0;  ///< X_cutoff: a count above it fails (3.1.4.3)
  RestartData rows{};
  RestartData columns{};
  double min_entropy = 0;  ///< min(H_r, H_c, H_I); 0 when a test failed

  [[nodiscard]] bool sane() const noexcept;      ///< 3.1.4.3
  [[nodiscard]] bool keeps_up() const noexcept;  ///< 3.1.4.2: neither H_r nor H_c is below half of H_I
  [[nodiscard]] bool passed() const noexcept;
  /// Both assessments ran all that their track asks for; without it a pass is that of a screen.
  [[nodiscard]] bool complete() const noexcept;
};

/// `raw`, one sample a byte, exactly as many as the matrix has places. When the sanity check fails nothing else is
/// run. Throws Error(usage) for another size or an impossible claim; other errors as assess().
RestartAssessment assess_restarts(std::span<const std::uint8_t> raw, const RestartOptions& options);

/// X_cutoff: the smallest count that the most frequent of `samples` values exceeds with a probability of at most
/// `alpha`, if each value comes with probability 2^-claim and one takes the rest (3.1.4.3). Computed exactly,
/// where NIST's tool simulates five million rounds.
std::uint64_t restart_cutoff(std::size_t samples, double claim, double alpha);

/// As evidence has it.
RestartRecord record_of(const RestartAssessment& assessment);
Json to_json(const RestartAssessment& assessment);

}  // namespace lightseed::sp800_90b

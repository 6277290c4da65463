// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <span>

#include "stats/sp800_90b/assessment.h"

namespace lightseed::sp800_90b {

/// The non-IID track on more samples than memory holds, as they go by.
///
/// mcv, collision, markov and compression look at every sample. The other estimators look at windows: the first
/// `windows.samples` of every `windows.every`; each reports the window where it came out smallest. Memory is that of
/// one window's assessment, however long the input. A window at a time is what NIST's tool is given, so each window's
/// values are the tool's. Binary data in samples wider than a bit are taken as they are, not renumbered.
class StreamedAssessment {
 public:
  /// options.bit_limit is not used. Throws Error(usage) as assess().
  StreamedAssessment(const AssessmentOptions& options, const Windows& windows);
  StreamedAssessment(StreamedAssessment&&) noexcept;
  StreamedAssessment(const StreamedAssessment&) = delete;
  StreamedAssessment& operator=(const StreamedAssessment&) = delete;
  StreamedAssessment& operator=(StreamedAssessment&&) = delete;
  ~StreamedAssessment();

  /// The next samples, one a byte. Throws as assess().
  void add(std::span<const std::uint8_t> raw);

  /// Of all samples so far, which must hold a window at least. Throws Error(not_enough_data) otherwise.
  Assessment result();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace lightseed::sp800_90b

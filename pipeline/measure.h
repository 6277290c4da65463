#pragma once

#include <cstdint>
#include <stop_token>
#include <string>
#include <vector>

#include "pipeline/key_stream.h"

namespace lightseed {

/// How a run measures min-entropy on its own raw samples, and how such a measurement is checked later.

struct MeasureSettings {
  /// The operator answers for it that samples are independent and identically distributed: the IID track of SP 800-90B
  /// 5 counts, unless one of its tests refutes the claim.
  bool iid_claim = false;
  std::stop_token stop{};
};

/// The non-IID track of SP 800-90B 6.3, or what the settings say. Samples wider than 8 bits are cut to the eight bits
/// that say most on their own (6.4), which can only lower the result.
Assess measure_with(MeasureSettings settings);

/// Recomputes what follows from the counts that a measurement states, and whether it is of such samples; one sentence a
/// fault.
std::vector<std::string> faults_of_measurement(const MinEntropy& measured, const SampleFormat& format);

/// How many raw samples a measurement rests on. Throws Error(malformed) for what is no measurement.
std::uint64_t assessed_samples_of(const MinEntropy& measured);

}  // namespace lightseed

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "core/json.h"
#include "core/sample_format.h"
#include "evidence/assessment_record.h"
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

/// What is wrong with a run's measurement on record: everything that does not follow from the counts it states, an
/// estimator left out, fewer samples than 1000000, an IID claim that no test supports, a result that is not the one it
/// counts for, samples that cannot be of `format` (where that is known). One sentence a fault.
std::vector<std::string> faults_of_measurement(const AssessmentRecord& record, double bits_per_sample,
                                               const std::optional<SampleFormat>& format);

/// The same of a min-entropy claim whose details are the record.
std::vector<std::string> faults_of_measurement(const MinEntropy& measured, const SampleFormat& format);

/// What is wrong with an assessment as the command prints it, other members beside it; one sentence a fault.
std::vector<std::string> faults_of_assessed_json(const Json& assessment);

/// How many raw samples a measurement rests on. Throws Error(malformed) for what is no measurement.
std::uint64_t assessed_samples_of(const MinEntropy& measured);

}  // namespace lightseed

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "core/json.h"
#include "evidence/assessment_record.h"

namespace lightseed {

/// The matrix read along its rows, or along its columns.
struct RestartDataRecord {
  std::uint64_t most_frequent = 0;  ///< highest count of one value in one row (or column)
  double min_entropy = 0;           ///< bits per sample
  AssessmentRecord assessment{};    ///< without samples where the sanity check had failed
};

/// The restart tests of SP 800-90B 3.1.4.
struct RestartRecord {
  std::uint64_t restarts = 0;
  std::uint64_t samples_each = 0;
  double claim = 0;          ///< the initial estimate, bits per sample
  double alpha = 0;          ///< false-alarm rate a row or column
  std::uint64_t cutoff = 0;  ///< a count above it fails
  bool sanity_check_passed = false;
  bool complete = true;  ///< both assessments ran all that their track asks for; without it this is a screen
  RestartDataRecord rows{};
  RestartDataRecord columns{};
  bool passed = false;
  double min_entropy = 0;  ///< bits per sample; 0 when a test failed
};

/// `{"track":"restart","restarts":…,…,"rows":{…},"columns":{…},"passed":…,"min_entropy":…}`
Json to_json(const RestartRecord& record);

}  // namespace lightseed

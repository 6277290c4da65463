#pragma once

#include <stop_token>
#include <string>
#include <vector>

#include "core/json.h"
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

/// Recomputes what follows from the counts it states; one sentence a fault.
std::vector<std::string> check_raw_assessment(const Json& measured);

}  // namespace lightseed

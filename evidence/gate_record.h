// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "evidence/health_record.h"

namespace lightseed {

/// How a member left a pool before the run was over.
struct Departure {
  std::string state;  ///< "alarm", "disconnected", "fault", "end-of-data" or "timeout"
  std::string words;
};

/// A member of a pool behind its own gate. What it is stands among the parameters of the pool's source, in the same
/// order.
struct GatedMember {
  std::string uri;
  HealthRecord health;  ///< counts as admitted what was handed on; what waited at the end was discarded
  std::optional<Departure> left{};
};

/// What happened where raw samples entered a run.
struct GateRecord {
  HealthRecord health;                 ///< of the one gate, where there are no members
  std::vector<GatedMember> members{};  ///< of a pool, with a gate each
};

/// The false-alarm rate asked for, as a power of two; of a pool its first member's: the gates of a run are set alike.
double alpha_log2_of(const GateRecord& record);

/// Of one gate its health record alone, of a pool `{"members":[…]}`.
Json to_json(const GateRecord& record);

/// The inverse. Throws Error(malformed) naming the member that is missing, wrong or unknown.
GateRecord gate_record_from(ObjectReader reader);

}  // namespace lightseed

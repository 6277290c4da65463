// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "core/json.h"
#include "evidence/extraction_record.h"
#include "evidence/gate_record.h"
#include "evidence/min_entropy.h"
#include "evidence/source_info.h"

namespace lightseed {

/// Which figure of min-entropy a run counts on, where it is not the lower of the source's claim and the measurement.
struct BindingRecord {
  std::string binds;  ///< "calibrated-model": the claim, which rests on a calibration
  std::string why;
};

inline constexpr std::string_view calibrated_model_binds = "calibrated-model";

/// The one reason there is: what it takes, and what is known against it.
std::string reason_for_calibrated_model(double claimed, double measured);

/// A run from raw samples to full-entropy bits: the source, what was measured on it, the gate, the extraction.
struct RunRecord {
  SourceInfo source;
  std::string started, stopped;            ///< RFC 3339, UTC
  std::uint64_t raw_bytes = 0;             ///< admitted by gates: assessed or extracted from
  std::string assessed_sha256;             ///< of the raw samples that were assessed; they made no keys
  Json status = Json::object();            ///< the device's own readings at the end
  MinEntropy measured;                     ///< on those samples
  std::optional<BindingRecord> binding{};  ///< member `entropy.binding`; nothing: the lower of the two counts
  GateRecord gate;                         ///< member `health`
  ExtractionRecord extraction;
};

/// Members source, entropy, health and extraction.
Json to_json(const RunRecord& record);

/// Takes the same four members from an object that may have others. Throws Error(malformed) naming the member.
RunRecord take_run_record(ObjectReader& reader);

}  // namespace lightseed

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "core/json.h"
#include "driver/source.h"
#include "stats/health/portrait.h"

namespace lightseed {

/// A stretch of raw samples for a person to look at, against the source's model where there is one. Only of samples
/// that make no keys: those of the assessment.
struct RawPortrait {
  health::Portrait seen{};
  std::uint64_t codes_a_range = 1;  ///< of the histogram
  std::vector<double> expected{};   ///< samples in each range by the model; empty: there is none
  double counted_on = 0;            ///< samples that the model's law was counted on; 0: it is computed
};

/// Of whole samples in the source's format, at least one. Throws Error(verdict) for samples that cannot be.
RawPortrait raw_portrait_of(std::span<const std::byte> raw, const Source& source);

/// `{"samples":…,"mean":…,"variance":…,"codes_a_range":…,"histogram":[…],"expected":[…]}`
Json to_json(const RawPortrait& portrait);

}  // namespace lightseed

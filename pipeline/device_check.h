// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <stop_token>
#include <string>

#include "core/error.h"
#include "core/json.h"
#include "driver/source.h"
#include "pipeline/gated_flow.h"

namespace lightseed {

/// What a look at a source for some seconds shows.
struct DeviceCheck {
  SourceInfo info;
  std::uint64_t samples = 0;  ///< that came while it was timed
  double seconds = 0;         ///< from the end of the start-up test on
  double samples_per_second = 0;
  std::optional<GateRecord> gate{};  ///< cut-offs, counts, alarms; nothing where there was no claim to test by
  Json status = Json::object();      ///< the device's own readings: temperature, counters
  std::optional<Category> unwell{};  ///< why it is not well; nothing: it is
  std::string verdict{};             ///< one line
};

/// Starts `source`, has the continuous health tests of SP 800-90B 4.4 watch it for `time` after the start-up test, and
/// stops it. A source that claims nothing is timed and not tested: there is nothing to compute a cut-off from. Whatever
/// goes wrong becomes the verdict; throws Error(interrupted) alone.
DeviceCheck check_device(Source& source, std::chrono::milliseconds time, const std::stop_token& stop,
                         const GateOptions& options = {});

}  // namespace lightseed

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <stop_token>
#include <string>

#include "core/json.h"
#include "driver/source.h"

namespace lightseed {

/// What a look at a source for some seconds shows.
struct DeviceCheck {
  SourceInfo info;
  std::uint64_t samples = 0;  ///< that came while it was timed
  double seconds = 0;
  double samples_per_second = 0;
  Json health = Json::object();  ///< of the gate: cut-offs, counts, an alarm; empty where there was no claim to test by
  Json status = Json::object();  ///< the device's own readings: temperature, counters
  bool well = false;
  std::string verdict;  ///< one line
};

/// Starts `source`, has the continuous health tests of SP 800-90B 4.4 watch it for `time`, and stops it. A source that
/// claims nothing is timed and not tested: there is nothing to compute a cut-off from. Whatever goes wrong becomes the
/// verdict; throws Error(interrupted) alone.
DeviceCheck check_device(Source& source, std::chrono::milliseconds time, const std::stop_token& stop);

}  // namespace lightseed

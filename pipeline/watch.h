// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <stop_token>
#include <string>

#include "core/error.h"
#include "driver/source.h"
#include "evidence/health_record.h"
#include "stats/health/portrait.h"

namespace lightseed {

/// What a watch is asked for.
struct WatchPlan {
  std::uint64_t samples = 0;        ///< in all; 0: until somebody stops it
  std::uint64_t interval = 262144;  ///< of one report, at least 1,024
  /// Told after each read how many samples have come and how many are wanted (0: no end); a slow source may take
  /// minutes for an interval.
  std::function<void(std::uint64_t samples, std::uint64_t wanted)> progress{};
};

/// One interval of a watched source.
struct WatchReport {
  std::uint64_t samples = 0;  ///< seen so far, this interval among them
  health::Portrait portrait;
  HealthRecord health;  ///< settings, counts and readings of all tests so far
  std::uint64_t alarms = 0;
  std::optional<HealthAlarm> last_alarm{};  ///< of this interval
};

/// How it ended.
struct Watched {
  std::uint64_t samples = 0;
  std::uint64_t alarms = 0;
  std::optional<Category> ended{};  ///< why before all samples had come; nothing: they had, or somebody stopped it
  std::string words{};              ///< the same in words
};

/// Looks at a source for as long as somebody wants: all the gate's tests and the monitors the source brings run on what
/// it gives, an alarm is told and the tests begin again, and every interval gets a portrait. No sample is kept or used.
///
/// A source that is to be looked at in the dark (pipeline/dark_look.h) is: before the first interval, and before one
/// that would be too many samples since; the start-up test comes after each look.
///
/// A source that claims nothing has no cut-offs: it is described, and nothing judges it (`health.tests` is empty).
/// Throws Error(usage) for an interval too short, and what the source's start throws.
Watched watch(Source& source, const WatchPlan& plan, const std::function<void(const WatchReport&)>& report,
              const std::stop_token& stop);

}  // namespace lightseed

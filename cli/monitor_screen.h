// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "cli/console.h"
#include "pipeline/watch.h"

namespace lightseed::cli {

/// A watched source in the terminal: one picture that is drawn anew for each interval; a line for each where stdout is
/// no terminal.
class MonitorScreen {
 public:
  MonitorScreen(Console& console, const SourceInfo& info);

  void show(const WatchReport& report);

 private:
  Console& console_;
  SourceInfo info_;
  std::vector<double> min_entropies_;  ///< of the intervals so far, the last 64
  std::vector<std::string> alarms_;    ///< the last five

  [[nodiscard]] std::string picture(const WatchReport& report) const;
};

/// Eight heights of a bar for each value, from `low` to `high`: "▁▂▃▄▅▆▇█". A value outside has the nearest.
std::string bars(const std::vector<double>& values, double low, double high);

}  // namespace lightseed::cli

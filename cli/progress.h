// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <mutex>
#include <string>

#include "cli/console.h"
#include "core/steady_clock.h"

namespace lightseed::cli {

/// How far long work is, on stderr: one line that is rewritten on a terminal, a plain line every half minute elsewhere,
/// nothing with --quiet. The line goes away with the object, or before anything else is written.
class Progress {
 public:
  Progress(Console& console, std::string what);
  ~Progress();
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;

  /// At most ten updates a second reach a terminal. `total` 0: not known. May be called from any thread, one Progress
  /// at a time.
  void show(std::uint64_t done, std::uint64_t total, const char* unit);

 private:
  Console& console_;
  std::string what_;
  std::mutex mutex_;
  SteadyClock::time_point started_;
  SteadyClock::time_point last_;
};

}  // namespace lightseed::cli

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <optional>
#include <string>

#include "cli/command.h"
#include "core/error.h"
#include "core/steady_clock.h"

namespace lightseed::cli {

/// Waits for another run that is in the way, trying again twice a second: with a line on a terminal that counts, a line
/// at the begin and every half minute elsewhere, nothing with --quiet.
class Waiting {
 public:
  /// `most` seconds altogether; nothing: for ever.
  Waiting(const Context& context, std::optional<std::chrono::seconds> most) : context_(context), most_(most) {}

  /// Waits a while, the reason being `busy`. False when the time is over. Throws Error(interrupted) when a person ends
  /// it.
  bool once_more(const Error& busy);

 private:
  const Context& context_;
  std::optional<std::chrono::seconds> most_;
  std::optional<SteadyClock::time_point> began_;
  std::optional<SteadyClock::time_point> told_;

  void tell(const std::string& why, SteadyClock::time_point now);
};

/// --wait, with `what` it waits for.
Option wait_option(const std::string& what);

/// How long --wait says; nothing: for ever.
std::optional<std::chrono::seconds> longest_wait(const Context& context);

}  // namespace lightseed::cli

// SPDX-License-Identifier: Apache-2.0
#include "cli/progress.h"

#include <fmt/format.h>

#include <utility>

#include "cli/duration_words.h"

namespace lightseed::cli {
namespace {

/// Three figures and a unit: "12.3 M".
std::string rate_words(double rate) {
  constexpr std::string_view units = " kMGT";
  std::size_t unit = 0;
  while (rate >= 1000 && unit + 1 < units.size()) {
    rate /= 1000;
    ++unit;
  }
  return unit == 0 ? fmt::format("{:.3g} ", rate) : fmt::format("{:.3g} {}", rate, units[unit]);
}

}  // namespace

Progress::Progress(Console& console, std::string what)
    : console_(console), what_(std::move(what)), started_(console.settings().now()), last_(started_) {}

Progress::~Progress() {
  console_.clear_status();
}

void Progress::show(std::uint64_t done, std::uint64_t total, const char* unit) {
  using namespace std::chrono;
  if (console_.quiet) return;
  const std::lock_guard lock(mutex_);
  const auto now = console_.settings().now();
  const bool terminal = console_.settings().err_is_terminal;
  if (now - last_ < (terminal ? milliseconds(100) : milliseconds(30'000))) return;
  last_ = now;
  const double seconds = duration<double>(now - started_).count();
  const double rate = seconds > 0 ? static_cast<double>(done) / seconds : 0;
  std::string line = fmt::format("{}: ", what_);
  // What matters most stands first: a narrow terminal cuts the end.
  if (total == 0 || done > total) {
    line += fmt::format("{} {}, {}/s", done, unit, rate_words(rate));
  } else {
    const double share = 100.0 * static_cast<double>(done) / static_cast<double>(total);
    line += fmt::format("{:.0f} %", share);
    if (rate > 0) line += fmt::format(", {} left", duration_words(static_cast<double>(total - done) / rate));
    line += fmt::format(", {} of {} {}, {}/s", done, total, unit, rate_words(rate));
  }
  if (terminal) {
    console_.show_status(line);
  } else {
    console_.err() << line << "\n";
  }
}

}  // namespace lightseed::cli

// SPDX-License-Identifier: Apache-2.0
#include "cli/monitor_screen.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "cli/printable.h"
#include "stats/health/gate.h"

namespace lightseed::cli {
namespace {

constexpr std::size_t trend_length = 64;
constexpr std::size_t alarms_shown = 5;
/// Home, and clear to the end of the screen: what stood there is drawn over, without a flash.
constexpr const char* begin_picture = "\x1b[H\x1b[J";

std::vector<double> heights_of(const std::vector<std::uint64_t>& counts) {
  std::vector<double> heights;
  heights.reserve(counts.size());
  for (const std::uint64_t count : counts)
    heights.push_back(static_cast<double>(count));
  return heights;
}

/// What each test of the gate has read last, as far as it has readings.
std::string reading_of(const HealthTestRecord& test) {
  if (!test.readings.contains("last")) return "";
  return fmt::format("{:.6g}, from {:.6g} to {:.6g} allowed", test.readings["last"].get<double>(),
                     test.readings["low"].get<double>(), test.readings["high"].get<double>());
}

}  // namespace

std::string bars(const std::vector<double>& values, double low, double high) {
  constexpr std::array<const char*, 8> heights{"▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"};
  std::string text;
  for (const double value : values) {
    const double part = high > low ? (value - low) / (high - low) : 0;
    text += heights[static_cast<std::size_t>(std::clamp(part * 8, 0.0, 7.0))];
  }
  return text;
}

MonitorScreen::MonitorScreen(Console& console, const SourceInfo& info) : console_(console), info_(info) {}

void MonitorScreen::show(const WatchReport& report) {
  min_entropies_.push_back(report.portrait.min_entropy);
  if (min_entropies_.size() > trend_length) min_entropies_.erase(min_entropies_.begin());
  if (report.last_alarm) alarms_.push_back(printable(health::describe(*report.last_alarm)));
  if (alarms_.size() > alarms_shown) alarms_.erase(alarms_.begin());
  if (console_.settings().out_is_terminal) {
    console_.bytes() << begin_picture << picture(report) << std::flush;
    return;
  }
  const health::Portrait& now = report.portrait;
  const auto largest = std::max_element(now.correlation.begin(), now.correlation.end(),
                                        [](double a, double b) { return std::abs(a) < std::abs(b); });
  console_.out() << fmt::format("{} samples: mean {:.4f}, variance {:.4f}, {:.4f} bits seen, correlation {:+.4f}{}\n",
                                report.samples, now.mean, now.variance, now.min_entropy,
                                largest == now.correlation.end() ? 0.0 : *largest,
                                report.last_alarm ? "; ALARM: " + alarms_.back() : "")
                 << std::flush;
}

std::string MonitorScreen::picture(const WatchReport& report) const {
  const health::Portrait& now = report.portrait;
  std::string text = fmt::format("{}\n{}{}\n", printable(info_.uri), name_of(info_.provenance),
                                 banner(info_.provenance).empty() ? "" : " – " + std::string(banner(info_.provenance)));
  text += fmt::format("{} samples; mean {:.4f}, variance {:.4f}\n\n", report.samples, now.mean, now.variance);
  const auto heights = heights_of(now.histogram);
  text += "codes        " + bars(heights, 0, *std::max_element(heights.begin(), heights.end())) + "\n";
  if (!now.correlation.empty()) {
    // Twenty times what chance makes of so many samples, or all of it.
    const double scale = std::min(1.0, 20 / std::sqrt(static_cast<double>(now.samples)));
    text += fmt::format("correlation  {}   lags 1 to 32, ± {:.2g}\n", bars(now.correlation, -scale, scale), scale);
  }
  if (!now.spectrum.empty()) text += "spectrum     " + bars(now.spectrum, -20, 20) + "   ± 20 dB of white\n";
  text += fmt::format("bits seen    {}   {:.4f}; claimed: {:.4f}\n\n", bars(min_entropies_, 0, info_.format.bits),
                      now.min_entropy, info_.claim.bits_per_sample);
  for (const HealthTestRecord& test : report.health.tests)
    text += fmt::format("  {:<22} {}\n", printable(test.id), reading_of(test));
  text += fmt::format("\n{} alarms\n", report.alarms);
  for (const std::string& alarm : alarms_)
    text += "  " + alarm + "\n";
  return text;
}

}  // namespace lightseed::cli

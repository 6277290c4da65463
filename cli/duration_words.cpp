// SPDX-License-Identifier: Apache-2.0
#include "cli/duration_words.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstdint>

namespace lightseed::cli {

std::string duration_words(double seconds) {
  constexpr double most = 1e15;  // 30 million years
  const auto whole = static_cast<std::uint64_t>(std::llround(std::clamp(seconds, 0.0, most)));
  if (whole < 120) return fmt::format("{} s", whole);
  const std::uint64_t minutes = (whole + 30) / 60;
  if (minutes < 120) return fmt::format("{} min", minutes);
  constexpr std::uint64_t day = 24 * 60;
  if (minutes < 2 * day) return fmt::format("{} h {} min", minutes / 60, minutes % 60);
  return fmt::format("{} days", (minutes + day / 2) / day);
}

}  // namespace lightseed::cli

// SPDX-License-Identifier: Apache-2.0
#include "cli/size_words.h"

#include <fmt/format.h>

#include <iterator>
#include <string_view>

#include "cli/words.h"

namespace lightseed::cli {

std::string size_words(std::uint64_t bytes) {
  if (bytes < 1000) return counted(bytes, "byte");
  static constexpr std::string_view units[] = {"kB", "MB", "GB", "TB", "PB", "EB"};
  double size = static_cast<double>(bytes) / 1000;
  std::size_t unit = 0;
  for (; size >= 999.5 && unit + 1 < std::size(units); ++unit)
    size /= 1000;
  const int decimals = size < 9.995 ? 2 : size < 99.95 ? 1 : 0;
  return fmt::format("{:.{}f} {}", size, decimals, units[unit]);
}

}  // namespace lightseed::cli

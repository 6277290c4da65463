// SPDX-License-Identifier: Apache-2.0
#include "stats/input/samples.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "core/error.h"
#include "stats/input/histogram.h"

namespace lightseed::stats {

Samples::Samples(std::span<const std::uint8_t> raw, unsigned width) : width_(width) {
  if (width < 1 || width > 8) {
    throw Error(Category::usage, fmt::format("an assessment takes samples of 1 to 8 bits, not {}: map wider ones "
                                             "to 8 bits first (SP 800-90B 6.4)",
                                             width));
  }
  if (raw.empty()) throw Error(Category::not_enough_data, "there are no samples to assess");
  const Histogram counts = histogram(raw);
  std::array<std::uint8_t, 256> number{};
  for (std::size_t value = 0; value < counts.size(); ++value) {
    if (counts[value] == 0) continue;
    if (value >> width != 0) {
      const auto at = std::find(raw.begin(), raw.end(), value) - raw.begin();
      throw Error(Category::usage, fmt::format("sample {} has the value {}, more than {} bits hold: is the number of "
                                               "bits right?",
                                               at, value, width));
    }
    number[value] = static_cast<std::uint8_t>(alphabet_++);
  }
  symbols_.resize(raw.size());
  std::transform(raw.begin(), raw.end(), symbols_.begin(), [&](std::uint8_t value) { return number[value]; });
  bits_ = std::make_shared<BitString>(raw, width);
  if (alphabet_ <= 2) {
    // A one-bit source that only ever says 1 still says 1: its bits are not renumbered.
    binary_ = width == 1 ? bits_ : std::make_shared<BitString>(symbols_, 1);
  }
}

}  // namespace lightseed::stats

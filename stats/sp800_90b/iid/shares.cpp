// SPDX-License-Identifier: Apache-2.0
#include "stats/sp800_90b/iid/shares.h"

#include "stats/input/histogram.h"

namespace lightseed::sp800_90b {

std::vector<double> shares_of(std::span<const std::uint8_t> symbols, unsigned alphabet) {
  const stats::Histogram counts = stats::histogram(symbols);
  std::vector<double> shares(alphabet);
  for (unsigned symbol = 0; symbol < alphabet; ++symbol) {
    for (std::uint64_t i = 0; i < counts[symbol]; ++i)
      shares[symbol] += 1.0 / static_cast<double>(symbols.size());
  }
  return shares;
}

}  // namespace lightseed::sp800_90b

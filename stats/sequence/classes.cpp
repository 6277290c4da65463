// SPDX-License-Identifier: Apache-2.0
#include "stats/sequence/classes.h"

#include "stats/special/gamma.h"

namespace lightseed::stats {

double classes_p(std::span<const std::uint64_t> seen, std::span<const double> probabilities) {
  std::uint64_t all = 0;
  for (const std::uint64_t count : seen)
    all += count;
  double chi = 0;
  for (std::size_t i = 0; i < seen.size(); ++i) {
    const double expected = static_cast<double>(all) * probabilities[i];
    const double excess = static_cast<double>(seen[i]) - expected;
    chi += excess * excess / expected;
  }
  return chi_square_tail(chi, static_cast<double>(seen.size()) - 1);
}

}  // namespace lightseed::stats

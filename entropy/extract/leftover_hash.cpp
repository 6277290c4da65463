// SPDX-License-Identifier: Apache-2.0
#include "entropy/extract/leftover_hash.h"

#include <cmath>

namespace lightseed {

std::size_t leftover_hash_output(double min_entropy, double log2_epsilon) {
  const double bits = std::floor(min_entropy + 2 * log2_epsilon);
  return bits > 0 ? static_cast<std::size_t>(bits) : 0;
}

}  // namespace lightseed

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "evidence/min_entropy.h"

namespace lightseed::test {

/// What an assessment of a million samples says, when a test wants it to.
inline MinEntropy measure(double bits) {
  return {.bits_per_sample = bits,
          .basis = MinEntropy::Basis::measured,
          .method = "given by the test",
          .assumptions = {},
          .details = {{"samples", std::uint64_t{1'000'000}}}};
}

}  // namespace lightseed::test

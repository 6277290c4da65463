// SPDX-License-Identifier: Apache-2.0
#include "pipeline/seed_source.h"

#include <utility>

namespace lightseed {

SeedSource seed_from(Source& second, double log2_epsilon, Assess assess, Patience patience) {
  return {.uri = second.info().uri,
          .log2_epsilon = log2_epsilon,
          .fill = [&second, log2_epsilon, assess = std::move(assess),
                   patience = std::move(patience)](std::span<std::byte> out) {
            KeyStream bits(second, {.bytes = out.size(), .log2_epsilon = log2_epsilon}, assess, patience);
            bits.fill(out, patience);
            second.stop();
          }};
}

}  // namespace lightseed

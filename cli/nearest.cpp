// SPDX-License-Identifier: Apache-2.0
#include "cli/nearest.h"

#include "core/edit_distance.h"

namespace lightseed::cli {
std::optional<std::string> nearest(std::string_view word, std::span<const std::string> names) {
  std::optional<std::string> best;
  std::size_t best_distance = word.size() < 4 ? 2 : 3;
  if (word.size() > 64) return best;  // no typing mistake, and the distance would cost its square
  for (const std::string& name : names) {
    const std::size_t off = edit_distance(name, word);
    if (off >= best_distance) continue;
    best_distance = off;
    best = name;
  }
  return best;
}

}  // namespace lightseed::cli

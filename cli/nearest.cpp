// SPDX-License-Identifier: Apache-2.0
#include "cli/nearest.h"

#include <algorithm>
#include <vector>

namespace lightseed::cli {
namespace {

/// Levenshtein distance: how many letters lie between two words.
std::size_t distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  for (std::size_t j = 0; j <= b.size(); ++j)
    row[j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    std::size_t diagonal = row[0]++;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t replaced = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
      diagonal = row[j];
      row[j] = std::min({row[j] + 1, row[j - 1] + 1, replaced});
    }
  }
  return row.back();
}

}  // namespace

std::optional<std::string> nearest(std::string_view word, std::span<const std::string> names) {
  std::optional<std::string> best;
  std::size_t best_distance = word.size() < 4 ? 2 : 3;
  if (word.size() > 64) return best;  // no typing mistake, and the distance would cost its square
  for (const std::string& name : names) {
    const std::size_t off = distance(name, word);
    if (off >= best_distance) continue;
    best_distance = off;
    best = name;
  }
  return best;
}

}  // namespace lightseed::cli

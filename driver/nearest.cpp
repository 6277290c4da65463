// SPDX-License-Identifier: Apache-2.0
#include "driver/nearest.h"

#include <algorithm>
#include <utility>

#include "core/edit_distance.h"

namespace lightseed {
std::string nearest(std::string_view wanted, const std::vector<std::string>& names) {
  std::vector<std::pair<std::size_t, std::string>> ranked;
  for (const std::string& name : names) {
    const std::size_t far = edit_distance(wanted.substr(0, 64), name);
    if (far <= std::max<std::size_t>(2, name.size() / 2)) ranked.emplace_back(far, name);
  }
  std::stable_sort(ranked.begin(), ranked.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
  std::string text;
  for (std::size_t i = 0; i < std::min<std::size_t>(3, ranked.size()); ++i)
    text += (i == 0 ? "" : " or ") + ranked[i].second;
  return text;
}

}  // namespace lightseed

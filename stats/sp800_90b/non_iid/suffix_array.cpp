// SPDX-License-Identifier: Apache-2.0
#include "stats/sp800_90b/non_iid/suffix_array.h"

#include <divsufsort.h>
#include <fmt/format.h>

#include <vector>

#include "core/error.h"

namespace lightseed::sp800_90b {

RepeatCensus census_by_suffix_array(std::span<const std::uint8_t> symbols) {
  const auto n = static_cast<std::int32_t>(symbols.size());
  std::vector<std::int32_t> order(symbols.size());
  if (divsufsort(symbols.data(), order.data(), n) != 0) {
    throw Error(Category::io, fmt::format("not enough memory to sort {} samples", symbols.size()));
  }
  // Kärkkäinen, Manzini, Puglisi, "Permuted Longest-Common-Prefix Array" (2009): in text order each length is at
  // least the one before it less one, so that all comparisons together take linear time.
  std::vector<std::int32_t> common(symbols.size());  // first: who comes before suffix i in the order
  common[static_cast<std::size_t>(order[0])] = -1;
  for (std::size_t k = 1; k < order.size(); ++k)
    common[static_cast<std::size_t>(order[k])] = order[k - 1];
  std::int32_t length = 0;
  for (std::int32_t i = 0; i < n; ++i) {
    std::int32_t& slot = common[static_cast<std::size_t>(i)];
    const std::int32_t before = slot;
    if (before < 0) {
      length = 0;
    } else {
      const std::int32_t room = n - std::max(i, before);
      while (length < room && symbols[static_cast<std::size_t>(i) + static_cast<std::size_t>(length)] ==
                                  symbols[static_cast<std::size_t>(before) + static_cast<std::size_t>(length)])
        ++length;
    }
    slot = length;
    if (length > 0) --length;
  }
  RepeatCensus census;
  for (std::size_t k = 1; k < order.size(); ++k)
    census.add(static_cast<std::uint32_t>(common[static_cast<std::size_t>(order[k])]));
  census.finish();
  return census;
}

}  // namespace lightseed::sp800_90b

#include "stats/sp800_90b/non_iid/most_common_value.h"

#include <fmt/format.h>

#include <algorithm>

#include "core/error.h"
#include "stats/input/histogram.h"
#include "stats/sp800_90b/confidence.h"

namespace lightseed::sp800_90b {

MostCommonValue most_common_value(std::span<const std::uint8_t> symbols) {
  const Histogram counts = histogram(symbols);
  return most_common_value(*std::max_element(counts.begin(), counts.end()), symbols.size());
}

MostCommonValue most_common_value(std::uint64_t mode_count, std::uint64_t length) {
  if (length < 2) {
    throw Error(Category::not_enough_data,
                fmt::format("the most common value estimate needs 2 samples or more, not {}", length));
  }
  MostCommonValue result;
  result.mode_count = mode_count;
  result.p_hat = static_cast<double>(mode_count) / static_cast<double>(length);
  result.p_u = static_cast<double>(upper_bound(result.p_hat, length));
  result.min_entropy = min_entropy_of(result.p_u);
  return result;
}

}  // namespace lightseed::sp800_90b

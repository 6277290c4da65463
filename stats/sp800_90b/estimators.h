#pragma once

#include <span>
#include <string_view>
#include <vector>

#include "stats/input/samples.h"
#include "stats/sp800_90b/assessment.h"

namespace lightseed::sp800_90b {

/// One piece of work: an estimator, or two that share their main step, on one view of the data.
struct Estimator {
  std::vector<std::string_view> ids;
  bool bits_only = false;  ///< defined for binary data alone (6.3.2–6.3.4)

  /// `symbols` of an alphabet above two, or else `bits`. One estimate for each id, in their order.
  using Result = std::vector<Estimate>;
  Result (*on_symbols)(std::span<const std::uint8_t> symbols, unsigned alphabet, bool as_written) = nullptr;
  Result (*on_bits)(const BitString& bits, bool as_written) = nullptr;
};

/// All of 6.3, in the standard's order. A new estimator is one line here.
std::span<const Estimator> estimators();

}  // namespace lightseed::sp800_90b

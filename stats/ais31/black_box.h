// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "stats/sp800_90b/non_iid/prediction.h"

namespace lightseed::stats::ais31 {

/// The black-box test suite of AIS 20/31 version 3.0 (2024), as an open implementation has it (AnotherAIS31TestTool);
/// not compared with BSI's own text. One trial takes 2,040,000 bits: T1 and T2 of 20,000 each, with the bounds of AIS
/// 31, then two predictors of SP 800-90B on a million bits each, which must find 0.95 bits of min-entropy a bit.
inline constexpr std::size_t black_box_predicted_bits = 1'000'000;
inline constexpr std::size_t black_box_bytes = 2 * 2'500 + 2 * black_box_predicted_bits / 8;
inline constexpr double least_black_box_entropy = 0.95;

struct BlackBox {
  std::uint32_t ones = 0;         ///< T1, in bits 0 … 19,999
  double poker = 0;               ///< T2, in bits 20,000 … 39,999
  bool t1 = false;                ///< within bounds
  bool t2 = false;                ///< within bounds
  sp800_90b::Prediction mmc{};    ///< T3, 6.3.9 on the next million bits
  sp800_90b::Prediction lz78y{};  ///< T4, 6.3.10 on the million behind them
};
BlackBox black_box(std::span<const std::byte> block);

/// How often a predictor that is right half of the time finds less than 0.95 bits in so many predictions: from runs
/// of right ones alone, as the share of right ones is 33 standard deviations away.
double black_box_rate(std::uint64_t predictions);

}  // namespace lightseed::stats::ais31

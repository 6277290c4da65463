// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>

#include "stats/input/form.h"

namespace lightseed::stats::sample_forms {

/// Numbers of whole bytes one after another, perhaps behind a header and in turn with other series.
struct FixedWidth {
  unsigned bytes = 1;                      ///< of a number, 1 to 8
  bool with_sign = false;                  ///< two's complement
  bool big_endian = false;                 ///< the high byte first
  std::uint64_t header = 0;                ///< bytes before the first number
  std::optional<std::uint64_t> numbers{};  ///< as the header says; what is behind them is no sample
  unsigned series = 1;                     ///< how many series take turns
  unsigned which = 0;                      ///< the one that is taken, from 0
};

/// Its decoder; width as width_for() says. Of numbers that take more than 32 bits only 32-bit ones are samples.
std::unique_ptr<FormDecoder> fixed_width(const InputOptions& options, std::span<const std::byte> head,
                                         const FixedWidth& layout);

}  // namespace lightseed::stats::sample_forms

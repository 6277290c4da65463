#pragma once

#include <cstdint>
#include <span>

#include "stats/input/bit_string.h"
#include "stats/sp800_90b/non_iid/prediction.h"

namespace lightseed::sp800_90b {

/// The LZ78Y prediction estimate (SP 800-90B 6.3.10): a dictionary of at most 65536 contexts of 1 to 16 symbols;
/// of all contexts that match, the one whose likeliest successor came most often predicts, the longest of equals.
/// `symbols` below `alphabet`; at least context_minimum (multi_mmc.h) of them.
Prediction lz78y(std::span<const std::uint8_t> symbols, unsigned alphabet);
Prediction lz78y(const BitString& bits);

}  // namespace lightseed::sp800_90b

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "provision/order/order_line.h"

namespace lightseed {

/// A line that says what an earlier one said.
struct Duplicate {
  std::uint32_t index;  ///< of the later line among the lines given
  std::uint32_t first;  ///< of the first one
};

/// All lines whose `key` (iccid or imsi) stood in a line before. At most 2^32 lines. Needs 16 bytes a line and
/// n log n steps whatever the keys are, and next to nothing where they ascend.
std::vector<Duplicate> find_duplicates(std::span<const OrderLine> lines, std::string_view (*key)(const OrderLine&));

}  // namespace lightseed

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "provision/order/fault.h"
#include "provision/order/order_lines.h"

namespace lightseed {

/// What only all lines together show.
struct LateFaults {
  std::vector<OrderFault> faults;  ///< by line, the first `most`
  std::uint64_t bad_lines = 0;     ///< how many lines have one
  std::uint64_t zero_ended = 0;    ///< ICCIDs that look rounded but are too few to be: they may be genuine
};

/// Looks for ICCIDs and IMSIs that stand twice, and for ICCIDs that a spreadsheet rounded.
///
/// A number without a check digit may end in zeros after its 15th character by right: of n numbers in sequence about
/// one in 10^(length - 15) does. More than twice as many, and one, are a spreadsheet's work.
///
/// Takes the memory of `memory.numbers` and a bit a line. Throws Error(io).
LateFaults find_late_faults(const OrderLines& lines, std::size_t most, const OrderMemory& memory = {});

}  // namespace lightseed

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string_view>

#include "provision/order/order_lines.h"

namespace lightseed {

/// A line that says what an earlier one said.
struct Duplicate {
  std::uint32_t index;   ///< of the later line among the lines given
  std::uint32_t line;    ///< of the file
  std::uint32_t first;   ///< line of the file that said it first
  std::string_view key;  ///< what both say; during the call
};

/// Tells `found` of every line whose `key` (iccid or imsi, up to 20 characters) stood in a line before, in no order,
/// and perhaps of some more than once. At most 2^32 lines. Where the keys ascend they are walked over once; otherwise
/// once for every so many of them, `at_once` > 1, of which each takes 32 bytes of memory meanwhile. Keys whose hashes
/// were made to meet cost a few times as many walks and, where they come in the worst order, sorts: minutes for the
/// longest order that is read, and no memory. Throws Error(io).
void find_duplicates(const OrderLines& lines, std::string_view (*key)(const OrderLine&), std::size_t at_once,
                     const std::function<void(const Duplicate&)>& found);

}  // namespace lightseed

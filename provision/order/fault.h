// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>

namespace lightseed {

/// Why a line of an order cannot be taken.
struct OrderFault {
  std::uint64_t line;  ///< from 1
  std::string column;  ///< "iccid", "imsi", "msisdn", "profile" or a header's name; empty for the line as a whole
  std::string reason;  ///< one sentence, fit to be shown
};

}  // namespace lightseed

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <fstream>
#include <string>

#include "provision/order.h"
#include "tests/scratch.h"

namespace lightseed::test {

/// What is understood of an order file with these bytes.
inline OrderReading reading_of(const std::string& bytes, std::size_t most_faults = 20, const OrderMemory& memory = {}) {
  const Scratch scratch;
  std::ofstream(scratch / "order.csv", std::ios::binary) << bytes;
  return examine_order(scratch / "order.csv", "", most_faults, memory);
}

/// Reason of the first fault; empty without one.
inline std::string first_fault(const std::string& bytes) {
  const OrderReading reading = reading_of(bytes);
  return reading.faults.empty() ? "" : reading.faults.front().reason;
}

/// Notices, one a line.
inline std::string notices_of(const OrderReading& reading) {
  std::string text;
  for (const std::string& notice : reading.order.notices)
    text += notice + "\n";
  return text;
}

}  // namespace lightseed::test

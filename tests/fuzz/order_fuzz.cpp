// SPDX-License-Identifier: Apache-2.0
#include "core/error.h"
#include "provision/order.h"
#include "tests/fuzz/as_file.h"

/// Any bytes are an order with at least one SIM and no ICCID twice, or are refused.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace lightseed;
  const test::AsFile file(data, size);
  try {
    const Order order = read_order(file.path(), "fuzz");
    if (order.lines.empty()) __builtin_trap();
    for (const OrderLine& line : order.lines.copy()) {
      if (line.iccid.empty() || line.imsi.empty()) __builtin_trap();
    }
  } catch (const Error&) {
  }
  return 0;
}

// SPDX-License-Identifier: Apache-2.0
#include "provision/order.h"

#include <fmt/format.h>

#include <algorithm>
#include <span>
#include <utility>

#include "provision/order/order_error.h"
#include "provision/order/reader.h"

namespace lightseed {

OrderReading examine_order(const std::filesystem::path& path, std::string id, std::size_t most_faults,
                           const OrderMemory& memory) {
  return OrderReader(path, std::move(id), most_faults, memory).read();
}

Order read_order(const std::filesystem::path& path, std::string id) {
  constexpr std::size_t kept = 1000;
  constexpr std::size_t shown = 20;
  OrderReading reading = examine_order(path, std::move(id), kept);
  if (reading.bad_lines == 0) return std::move(reading.order);
  std::string text = fmt::format("the order has {} bad line{}; nothing was generated:", reading.bad_lines,
                                 reading.bad_lines == 1 ? "" : "s");
  const auto first = std::span(reading.faults).first(std::min(shown, reading.faults.size()));
  for (const OrderFault& fault : first)
    text += fmt::format("\n  {}:{}: {}", path.string(), fault.line, fault.reason);
  if (reading.bad_lines > first.size()) text += fmt::format("\n  … and {} more", reading.bad_lines - first.size());
  throw OrderError(text, {.file = path.string(), .bad_lines = reading.bad_lines, .faults = std::move(reading.faults)});
}

}  // namespace lightseed

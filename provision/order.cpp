// SPDX-License-Identifier: Apache-2.0
#include "provision/order.h"

#include <fmt/format.h>

#include <utility>

#include "core/error.h"
#include "provision/order/reader.h"

namespace lightseed {

OrderReading examine_order(const std::filesystem::path& path, std::string id, std::size_t most_faults) {
  return OrderReader(path, std::move(id), most_faults).read();
}

Order read_order(const std::filesystem::path& path, std::string id) {
  OrderReading reading = examine_order(path, std::move(id));
  if (reading.bad_lines == 0) return std::move(reading.order);
  std::string text = fmt::format("the order has {} bad line{}; nothing was generated:", reading.bad_lines,
                                 reading.bad_lines == 1 ? "" : "s");
  for (const OrderFault& fault : reading.faults)
    text += fmt::format("\n  {}:{}: {}", path.string(), fault.line, fault.reason);
  if (reading.bad_lines > reading.faults.size())
    text += fmt::format("\n  … and {} more", reading.bad_lines - reading.faults.size());
  throw Error(Category::usage, text);
}

}  // namespace lightseed

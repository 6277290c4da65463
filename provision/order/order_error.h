// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "core/error.h"
#include "provision/order/fault.h"

namespace lightseed {

/// What is wrong with an order that was refused.
struct OrderFaults {
  std::string file;
  std::uint64_t bad_lines = 0;
  std::vector<OrderFault> faults;  ///< the first fault of each bad line, by line; not of all lines where they are many
};

/// Error(usage) for an order with bad lines: the sentence for people, the faults one by one for programs.
class OrderError : public Error {
 public:
  OrderError(const std::string& message, OrderFaults found)
      : Error(Category::usage, message), found_(std::make_shared<const OrderFaults>(std::move(found))) {}

  [[nodiscard]] const OrderFaults& found() const noexcept { return *found_; }

 private:
  std::shared_ptr<const OrderFaults> found_;  // an exception may be copied, and copying it must not throw
};

/// Error(refused) for what an order asks for: its SIMs have keys, its id was issued, it was cut in another way. Another
/// order may do better; for this one nothing in the world has to be mended.
class OrderRefused : public Error {
 public:
  explicit OrderRefused(const std::string& message) : Error(Category::refused, message) {}
};

}  // namespace lightseed

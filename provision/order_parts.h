// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "provision/order.h"

namespace lightseed {

/// How a large order is cut: lines follow each other in their order, and every part but the last has the same number of
/// them. A part is issued, verified and lives as a batch of its own; its order id is "ORDER.2-of-10", its directory
/// "part-00002" in that of the order. The cut follows from two numbers, so who goes on after a crash, or on another
/// host, finds the same parts.
class OrderParts {
 public:
  /// Throws Error(usage) for an order without SIMs, parts without SIMs, more than `most` parts, or ids that get too
  /// long.
  OrderParts(std::string order_id, std::uint64_t sims, std::uint64_t sims_a_part);

  static constexpr std::uint64_t most = 99'999;

  [[nodiscard]] std::uint64_t count() const noexcept { return count_; }
  [[nodiscard]] std::uint64_t sims_a_part() const noexcept { return sims_a_part_; }

  /// How many parts the order has whose part has this id; nothing for an id of another kind, or another order.
  [[nodiscard]] static std::optional<std::uint64_t> parts_by(std::string_view order_id, std::string_view id_of_part);

  /// Of part `number`, from 1 to count().
  [[nodiscard]] std::string id(std::uint64_t number) const;
  [[nodiscard]] static std::string directory(std::uint64_t number);
  /// Some part has this directory.
  [[nodiscard]] bool has_directory(std::string_view name) const;
  [[nodiscard]] std::uint64_t first_sim(std::uint64_t number) const noexcept;  ///< from 0
  [[nodiscard]] std::uint64_t sims(std::uint64_t number) const noexcept;
  /// `order` is the whole one.
  [[nodiscard]] Order cut(const Order& order, std::uint64_t number) const;

  /// How far from uniform the keys of a part may be so that those of all parts together are within 2^log2_epsilon: the
  /// distances add up.
  [[nodiscard]] double log2_epsilon_of_part(double log2_epsilon) const noexcept;

 private:
  std::string order_id_;
  std::uint64_t sims_;
  std::uint64_t sims_a_part_;
  std::uint64_t count_;
};

}  // namespace lightseed

// SPDX-License-Identifier: Apache-2.0
#include "provision/order_parts.h"

#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <charconv>
#include <utility>

#include "core/error.h"

namespace lightseed {

OrderParts::OrderParts(std::string order_id, std::uint64_t sims, std::uint64_t sims_a_part)
    : order_id_(std::move(order_id)), sims_(sims), sims_a_part_(sims_a_part), count_(0) {
  if (sims == 0 || sims_a_part == 0) throw Error(Category::usage, "a part of an order has at least one SIM");
  count_ = (sims - 1) / sims_a_part + 1;
  if (count_ > most) {
    throw Error(Category::usage,
                fmt::format("{} SIMs in parts of {} make {} parts; there can be {}: make the parts larger", sims,
                            sims_a_part, count_, most));
  }
  if (id(count_).size() > longest_order_id)
    throw Error(Category::usage, fmt::format("the order id {} is too long for the names of its parts", order_id_));
}

std::string OrderParts::id(std::uint64_t number) const {
  return fmt::format("{}.{}-of-{}", order_id_, number, count_);
}

std::string OrderParts::directory(std::uint64_t number) {
  return fmt::format("part-{:05}", number);
}

std::optional<std::uint64_t> OrderParts::parts_by(std::string_view order_id, std::string_view id_of_part) {
  if (!id_of_part.starts_with(order_id)) return std::nullopt;
  const std::string_view rest = id_of_part.substr(order_id.size());
  constexpr std::string_view between = "-of-";
  const auto of = rest.rfind(between);
  std::uint64_t number = 0, parts = 0;
  if (!rest.starts_with('.') || of == std::string_view::npos) return std::nullopt;
  std::from_chars(rest.data() + 1, rest.data() + of, number);
  std::from_chars(rest.data() + of + between.size(), rest.data() + rest.size(), parts);
  if (rest != fmt::format(".{}-of-{}", number, parts)) return std::nullopt;
  return parts;
}

bool OrderParts::has_directory(std::string_view name) const {
  const auto dash = name.find('-');
  std::uint64_t number = 0;
  if (dash == std::string_view::npos) return false;
  std::from_chars(name.data() + dash + 1, name.data() + name.size(), number);
  return number >= 1 && number <= count_ && name == directory(number);
}

std::uint64_t OrderParts::first_sim(std::uint64_t number) const noexcept {
  return (number - 1) * sims_a_part_;
}

std::uint64_t OrderParts::sims(std::uint64_t number) const noexcept {
  return std::min(sims_a_part_, sims_ - first_sim(number));
}

Order OrderParts::cut(const Order& order, std::uint64_t number) const {
  return {.id = id(number),
          .sha256 = order.sha256,
          .lines = order.lines.part(first_sim(number), sims(number)),
          .profiles = order.profiles,
          .notices = {}};
}

double OrderParts::log2_epsilon_of_part(double log2_epsilon) const noexcept {
  return log2_epsilon - static_cast<double>(std::bit_width(count_ - 1));
}

}  // namespace lightseed

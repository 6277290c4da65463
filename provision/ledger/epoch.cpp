// SPDX-License-Identifier: Apache-2.0
#include "provision/ledger/epoch.h"

#include <fmt/format.h>

#include <charconv>
#include <system_error>

#include "core/error.h"

namespace lightseed {

namespace {

constexpr std::string_view epoch_begin = "epoch ";

/// The epoch whose prefix an order's id has; 1 where it has none.
std::uint64_t epoch_of_order(std::string_view order_id) {
  std::uint64_t epoch = 1;
  const char* const end = order_id.data() + order_id.size();
  if (!order_id.starts_with('e')) return epoch;
  const auto [behind, error] = std::from_chars(order_id.data() + 1, end, epoch);
  return error == std::errc{} && behind != end && *behind == '.' ? epoch : 1;
}

}  // namespace

std::string order_prefix_of(std::uint64_t epoch) {
  return epoch <= 1 ? std::string() : fmt::format("e{}.", epoch);
}

std::string epoch_words(std::uint64_t epoch, const std::optional<LedgerPosition>& remembered) {
  const std::string forgotten = remembered ? fmt::format("what went on to event {}, {}, is forgotten",
                                                         remembered->sequence, remembered->chain_head)
                                           : "what is forgotten is not known";
  return fmt::format("{}{}; {}", epoch_begin, epoch, forgotten);
}

std::uint64_t epoch_from(std::string_view words) {
  std::uint64_t epoch = 0;
  if (words.starts_with(epoch_begin)) {
    const std::string_view number = words.substr(epoch_begin.size());
    std::from_chars(number.data(), number.data() + number.size(), epoch);
  }
  if (epoch < 2 || epoch > most_epochs)
    throw Error(Category::refused, "the ledger's history does not say which epoch it is in: it was changed");
  return epoch;
}

void require_order_of(std::uint64_t epoch, std::string_view order_id) {
  const std::string prefix = order_prefix_of(epoch);
  if (epoch == 1 && epoch_of_order(order_id) > epoch) {
    throw Error(
        Category::refused,
        fmt::format("order {} has an id of a ledger that was put back from a copy, and this one was not: choose "
                    "an id that does not begin with an 'e', a number and a dot",
                    order_id));
  }
  if (order_id.starts_with(prefix)) return;
  throw Error(
      Category::refused,
      fmt::format("the ledger was put back from a copy and is in epoch {}: it does not know whether order {} was "
                  "issued since that copy. See that its SIMs got no keys then, and give it an id that begins "
                  "with '{}'",
                  epoch, order_id, prefix));
}

}  // namespace lightseed

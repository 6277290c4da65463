// SPDX-License-Identifier: Apache-2.0
#include "entropy/extract/seed_order.h"

#include <fmt/format.h>

#include "core/bits.h"
#include "core/error.h"

namespace lightseed {

std::string_view name_of(SeedOrder order) noexcept {
  switch (order) {
    case SeedOrder::native: return "native";
    case SeedOrder::wrapped: return "wrapped";
    case SeedOrder::column_first: return "column-first";
    case SeedOrder::row_first: return "row-first";
  }
  return "unknown";
}

SeedOrder seed_order_from(std::string_view name) {
  for (const auto order : {SeedOrder::native, SeedOrder::wrapped, SeedOrder::column_first, SeedOrder::row_first})
    if (name == name_of(order)) return order;
  throw Error(Category::usage,
              fmt::format("unknown seed order {}; it is native, wrapped, column-first or row-first", name));
}

SecretBytes native_seed(SeedOrder order, std::size_t rows, std::size_t columns, std::span<const std::uint64_t> seed) {
  const std::size_t bits = seed_string_bits(order, rows, columns);
  if (seed.size() != words_for(bits)) {
    throw Error(Category::usage, fmt::format("a {} seed of a {} x {} Toeplitz matrix has {} bits, not {} words of 64",
                                             name_of(order), rows, columns, bits, seed.size()));
  }
  SecretBytes native(words_for(rows + columns) * sizeof(std::uint64_t));
  const std::span<std::uint64_t> t = native.words();
  switch (order) {
    case SeedOrder::native: copy_bits(seed, 0, t, 0, bits); break;
    case SeedOrder::row_first: copy_bits(seed, 0, t, 1, bits); break;
    case SeedOrder::wrapped:
      copy_bits(seed, rows, t, 1, columns - 1);
      copy_bits(seed, 0, t, columns, rows);
      break;
    case SeedOrder::column_first:
      for (std::size_t q = 0; q < bits; ++q)
        set_bit(t, 1 + q, get_bit(seed, bits - 1 - q));
      break;
  }
  return native;
}

}  // namespace lightseed

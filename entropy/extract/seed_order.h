// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

#include "core/secret_bytes.h"

namespace lightseed {

/// How a seed string s fills a Toeplitz matrix of `rows` x `columns`; i is the row, j the column.
/// Reversing it is the classic silent error: the output still looks random.
enum class SeedOrder {
  native,        ///< T[i][j] = s[columns + i - j]; s[0] unused: rows + columns bits. The other three: one bit fewer
  wrapped,       ///< T[i][j] = s[(i - j) mod (rows + columns - 1)]: cryptomite; the default of randextract
  column_first,  ///< T[i][j] = s[rows - 1 - i + j]: first column upwards, then first row (randextract "col-first")
  row_first,     ///< T[i][j] = s[columns - 1 + i - j]: first row backwards, then first column (randextract "row-first")
};

/// "native", "wrapped", "column-first", "row-first".
std::string_view name_of(SeedOrder order) noexcept;

/// The inverse. Throws Error(usage) listing the known ones.
SeedOrder seed_order_from(std::string_view name);

/// Bits of a seed string in this order.
constexpr std::size_t seed_string_bits(SeedOrder order, std::size_t rows, std::size_t columns) noexcept {
  return order == SeedOrder::native ? rows + columns : rows + columns - 1;
}

/// The same matrix in native order: words_for(rows + columns) words. Throws Error(usage) when `seed` does not have
/// words_for(seed_string_bits(...)) words.
SecretBytes native_seed(SeedOrder order, std::size_t rows, std::size_t columns, std::span<const std::uint64_t> seed);

}  // namespace lightseed

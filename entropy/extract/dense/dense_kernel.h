// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>

namespace lightseed::dense {

/// Blocks one call of multiply_64_blocks handles, and rows the matrix is padded to.
constexpr std::size_t batch = 64;
constexpr std::size_t row_group = 64;

/// 64 blocks of `columns` bytes each times the matrix: `bytes` holds byte c of all rows together, rows padded to a
/// multiple of 64: bytes[c * rows + row]. `blocks` holds the inputs, `columns` bytes apart; word g of output block b
/// (rows 64 g …) goes to out[b * out_words + g] for g < rows / 64. `tiles` is working memory of 64 * columns bytes.
void multiply_64_blocks(const std::uint8_t* bytes, std::size_t rows, std::size_t columns, const std::uint8_t* blocks,
                        std::uint64_t* tiles, std::uint64_t* out, std::size_t out_words);

}  // namespace lightseed::dense

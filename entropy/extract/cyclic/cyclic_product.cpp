#include "entropy/extract/cyclic/cyclic_product.h"

#include <algorithm>

#include "core/bits.h"
#include "entropy/extract/carryless.h"

namespace lightseed {
namespace {

/// T[i][j] = t[columns + i - j] = s[(rows - 1 - i + j) mod period].
SecretBytes diagonals(std::size_t rows, std::size_t columns, std::size_t period, std::span<const std::uint64_t> s) {
  SecretBytes t(words_for(rows + columns) * sizeof(std::uint64_t));
  for (std::size_t q = 1; q < rows + columns; ++q)
    set_bit(t.words(), q, get_bit(s, (rows - 1 + columns - q) % period));
  return t;
}

}  // namespace

void reverse_bits(std::span<std::uint64_t> words, std::size_t bits) noexcept {
  std::ranges::reverse(words);
  for (std::uint64_t& word : words)
    word = reversed(word);
  const std::size_t shift = words.size() * 64 - bits;
  if (shift == 0) return;
  for (std::size_t i = 0; i + 1 < words.size(); ++i)
    words[i] = words[i] >> shift | words[i + 1] << (64 - shift);
  words.back() >>= shift;
}

CyclicProduct::CyclicProduct(std::size_t rows, std::size_t columns, std::size_t period,
                             std::span<const std::uint64_t> s, Target target)
    : product_(rows, columns, diagonals(rows, columns, period, s).words(), target) {}

void CyclicProduct::multiply(std::span<const std::uint64_t> x, std::span<std::uint64_t> y) const {
  product_.multiply(x, {}, y);
  reverse_bits(y, product_.rows());
}

}  // namespace lightseed

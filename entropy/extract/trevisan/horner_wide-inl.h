// SPDX-License-Identifier: Apache-2.0
// Horner's rule in GF(2^256) = GF(2)[z] / (z^256 + z^10 + z^5 + z^2 + 1). Included by horner_wide_*.cpp inside an
// unnamed namespace; therefore no include guard and no includes.
//
// The includer offers Wide128, a pair of words {low, high}, and product(a, b), the carry-less product of two words.

inline constexpr std::size_t wide_words = 4;

/// The product of two polynomials of two words, to[0 … 3].
inline void multiply_two(std::uint64_t a0, std::uint64_t a1, std::uint64_t b0, std::uint64_t b1,
                         std::uint64_t* to) noexcept {
  const Wide128 low = product(a0, b0), high = product(a1, b1), both = product(a0 ^ a1, b0 ^ b1);
  to[0] = low.low;
  to[1] = low.high ^ both.low ^ low.low ^ high.low;
  to[2] = high.low ^ both.high ^ low.high ^ high.high;
  to[3] = high.high;
}

/// sum = sum a + x.
inline void step(std::uint64_t* sum, const std::uint64_t* a, const std::uint64_t* x) noexcept {
  std::uint64_t low[4], high[4], both[4];
  multiply_two(sum[0], sum[1], a[0], a[1], low);
  multiply_two(sum[2], sum[3], a[2], a[3], high);
  multiply_two(sum[0] ^ sum[2], sum[1] ^ sum[3], a[0] ^ a[2], a[1] ^ a[3], both);
  for (std::size_t i = 0; i < 4; ++i)
    both[i] ^= low[i] ^ high[i];
  // The upper half of the product times z^10 + z^5 + z^2 + 1; ten bits of it are folded once more.
  const std::uint64_t upper[4] = {high[0] ^ both[2], high[1] ^ both[3], high[2], high[3]};
  const std::uint64_t over = upper[3] >> 62 ^ upper[3] >> 59 ^ upper[3] >> 54;
  const std::uint64_t lower[4] = {low[0], low[1], low[2] ^ both[0], low[3] ^ both[1]};
  std::uint64_t below = 0;
  for (std::size_t i = 0; i < 4; ++i) {
    const std::uint64_t h = upper[i];
    sum[i] = lower[i] ^ x[i] ^ h ^ h << 2 ^ h << 5 ^ h << 10 ^ below;
    below = h >> 62 ^ h >> 59 ^ h >> 54;
  }
  sum[0] ^= over ^ over << 2 ^ over << 5 ^ over << 10;
}

/// Four sums at a time, to cover the multiplier's latency.
inline std::uint32_t horner_wide(const std::uint64_t* x, std::size_t chunks, const std::uint64_t* alpha,
                                 const std::uint64_t* beta) noexcept {
  constexpr std::size_t together = 4;
  std::uint32_t bits = 0;
  for (std::size_t first = 0; first < batch; first += together) {
    std::uint64_t sums[together][wide_words];
    for (auto& sum : sums)
      for (std::size_t k = 0; k < wide_words; ++k)
        sum[k] = x[(chunks - 1) * wide_words + k];
    for (std::size_t j = chunks - 1; j-- > 0;)
      for (std::size_t i = 0; i < together; ++i)
        step(sums[i], alpha + (first + i) * wide_words, x + j * wide_words);
    for (std::size_t i = 0; i < together; ++i) {
      std::uint64_t parity = 0;
      for (std::size_t k = 0; k < wide_words; ++k)
        parity ^= sums[i][k] & beta[(first + i) * wide_words + k];
      for (unsigned shift = 32; shift > 0; shift /= 2)
        parity ^= parity >> shift;
      bits |= static_cast<std::uint32_t>(parity & 1) << (first + i);
    }
  }
  return bits;
}

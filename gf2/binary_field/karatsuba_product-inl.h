// SPDX-License-Identifier: Apache-2.0
// The recursion of PolynomialKernel::multiply over one instruction set's leaf. Included once by every product_*.cpp
// inside an unnamed namespace; therefore no include guard and no includes.
//
// Leaf offers: words, and multiply(a, b, c) for factors of that length.

/// (a0 + a1 y)(b0 + b1 y) = a0 b0 + ((a0 + a1)(b0 + b1) + a0 b0 + a1 b1) y + a1 b1 y^2. The upper halves may be one
/// leaf shorter than the lower ones.
template <typename Leaf>
void multiply_polynomials(const std::uint64_t* a, const std::uint64_t* b, std::uint64_t* c, std::size_t words,
                          std::uint64_t* scratch) {
  if (words == Leaf::words) return Leaf::multiply(a, b, c);
  const std::size_t low = (words / Leaf::words + 1) / 2 * Leaf::words;
  const std::size_t high = words - low;
  std::uint64_t* const sum_a = scratch;
  std::uint64_t* const sum_b = scratch + low;
  std::uint64_t* const middle = scratch + 2 * low;
  std::uint64_t* const rest = scratch + 4 * low;
  for (std::size_t i = 0; i < high; ++i) {
    sum_a[i] = a[i] ^ a[low + i];
    sum_b[i] = b[i] ^ b[low + i];
  }
  for (std::size_t i = high; i < low; ++i) {
    sum_a[i] = a[i];
    sum_b[i] = b[i];
  }
  multiply_polynomials<Leaf>(a, b, c, low, rest);
  multiply_polynomials<Leaf>(a + low, b + low, c + 2 * low, high, rest);
  multiply_polynomials<Leaf>(sum_a, sum_b, middle, low, rest);
  for (std::size_t i = 0; i < 2 * high; ++i)
    middle[i] ^= c[i] ^ c[2 * low + i];
  for (std::size_t i = 2 * high; i < 2 * low; ++i)
    middle[i] ^= c[i];
  for (std::size_t i = 0; i < 2 * low; ++i)
    c[low + i] ^= middle[i];
}

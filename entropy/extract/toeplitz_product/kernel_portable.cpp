#include <array>

#include "entropy/extract/toeplitz_product/tile_kernel.h"

namespace lightseed::toeplitz {
namespace {

/// Low 64 bits of the carry-less product, without tables or branches. Each factor is split into four with every
/// fourth bit; at most 15 ones meet in a column of such an integer product (16 in the top one, whose carry falls
/// off), so that a column's carries stay in the three empty places above it and are masked away.
std::uint64_t carryless_low(std::uint64_t a, std::uint64_t b) noexcept {
  constexpr std::uint64_t m0 = 0x1111111111111111;
  constexpr std::uint64_t m1 = m0 << 1;
  constexpr std::uint64_t m2 = m0 << 2;
  constexpr std::uint64_t m3 = m0 << 3;
  const std::uint64_t a0 = a & m0, a1 = a & m1, a2 = a & m2, a3 = a & m3;
  const std::uint64_t b0 = b & m0, b1 = b & m1, b2 = b & m2, b3 = b & m3;
  const std::uint64_t p0 = (a0 * b0) ^ (a1 * b3) ^ (a2 * b2) ^ (a3 * b1);
  const std::uint64_t p1 = (a0 * b1) ^ (a1 * b0) ^ (a2 * b3) ^ (a3 * b2);
  const std::uint64_t p2 = (a0 * b2) ^ (a1 * b1) ^ (a2 * b0) ^ (a3 * b3);
  const std::uint64_t p3 = (a0 * b3) ^ (a1 * b2) ^ (a2 * b1) ^ (a3 * b0);
  return (p0 & m0) | (p1 & m1) | (p2 & m2) | (p3 & m3);
}

std::uint64_t reverse(std::uint64_t x) noexcept {
  x = (x >> 1 & 0x5555555555555555) | (x & 0x5555555555555555) << 1;
  x = (x >> 2 & 0x3333333333333333) | (x & 0x3333333333333333) << 2;
  x = (x >> 4 & 0x0f0f0f0f0f0f0f0f) | (x & 0x0f0f0f0f0f0f0f0f) << 4;
  return __builtin_bswap64(x);
}

/// 64 x 64: y = low(t1 x) + high(t0 x), the high half being the low half of the reversed factors' product.
struct Leaf {
  static constexpr std::size_t words = 1;
  static constexpr std::size_t record_words = 2;
  using Sum = std::uint64_t;

  static Sum zero() noexcept { return 0; }

  static void add_product(const std::uint64_t* record, const std::uint64_t* x, Sum& sum) noexcept {
    sum ^= carryless_low(record[1], x[0]) ^ reverse(carryless_low(record[0], reverse(x[0]))) >> 1;
  }

  static void store(Sum sum, const std::uint64_t* init, std::uint64_t* y) noexcept {
    y[0] = init == nullptr ? sum : init[0] ^ sum;
  }
};

void write_record(const std::uint64_t* window, std::uint64_t* out) {
  out[0] = reverse(window[0]);
  out[1] = window[1];
}

#include "entropy/extract/toeplitz_product/karatsuba-inl.h"

}  // namespace

const TileKernel kernel_portable{Leaf::words, Leaf::record_words, write_record, multiply_tile<Leaf>};

}  // namespace lightseed::toeplitz

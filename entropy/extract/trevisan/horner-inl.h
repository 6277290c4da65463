// SPDX-License-Identifier: Apache-2.0
// Horner's rule in GF(2^128) over one vector type. Included by every horner_*.cpp behind carryless_*-inl.h, between
// LIGHTSEED_BEGIN_TARGET and LIGHTSEED_END_TARGET, inside an unnamed namespace; therefore no include guard and no
// includes.

#include "gf2/gf128-inl.h"

/// `groups` vectors are in flight, to cover the multiplier's latency.
template <typename Vector, std::size_t groups>
std::uint32_t horner(const std::uint64_t* x, std::size_t chunks, const std::uint64_t* alpha,
                     const std::uint64_t* alpha_up, const std::uint64_t* beta) {
  using V = typename Vector::type;
  constexpr std::size_t together = groups * Vector::lanes;
  std::uint32_t bits = 0;
  for (std::size_t first = 0; first < batch; first += together) {
    Factor<Vector> a[groups];
    V sum[groups];
    for (std::size_t g = 0; g < groups; ++g) {
      const std::size_t word = 2 * (first + g * Vector::lanes);
      a[g] = {Vector::load(alpha + word), Vector::load(alpha_up + word)};
      sum[g] = Vector::broadcast(x + 2 * (chunks - 1));
    }
    for (std::size_t j = chunks - 1; j-- > 0;) {
      const V chunk = Vector::broadcast(x + 2 * j);
#pragma GCC unroll 8
      for (std::size_t g = 0; g < groups; ++g)
        sum[g] = add_product<Vector>(chunk, sum[g], a[g]);
    }
    for (std::size_t g = 0; g < groups; ++g) {
      std::uint64_t words[2 * Vector::lanes];
      Vector::store(words, sum[g]);
      for (std::size_t lane = 0; lane < Vector::lanes; ++lane) {
        const std::size_t i = first + g * Vector::lanes + lane;
        std::uint64_t parity = (words[2 * lane] & beta[2 * i]) ^ (words[2 * lane + 1] & beta[2 * i + 1]);
        for (unsigned shift = 32; shift > 0; shift /= 2)
          parity ^= parity >> shift;
        bits |= static_cast<std::uint32_t>(parity & 1) << i;
      }
    }
  }
  return bits;
}

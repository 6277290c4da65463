// SPDX-License-Identifier: Apache-2.0
#include "entropy/extract/trevisan/horner.h"
#include "gf2/gf128.h"

namespace lightseed::trevisan {

std::uint32_t horner_portable(const std::uint64_t* x, std::size_t chunks, const std::uint64_t* alpha,
                              const std::uint64_t* alpha_up, const std::uint64_t* beta) {
  std::uint32_t bits = 0;
  for (std::size_t i = 0; i < batch; ++i) {
    Gf128 sum{x[2 * chunks - 2], x[2 * chunks - 1]};
    for (std::size_t j = chunks - 1; j-- > 0;) {
      // alpha sum = alpha sum0 + (alpha z^64) sum1, as in gf128-inl.h.
      const Gf128 low = carryless_product(alpha[2 * i], sum.low) ^ carryless_product(alpha_up[2 * i], sum.high);
      const Gf128 high =
          carryless_product(alpha[2 * i + 1], sum.low) ^ carryless_product(alpha_up[2 * i + 1], sum.high);
      sum = low ^ Gf128 { x[2 * j], x[2 * j + 1] } ^ Gf128 { 0, high.low } ^ carryless_product(high.high, 0x87);
    }
    std::uint64_t parity = (sum.low & beta[2 * i]) ^ (sum.high & beta[2 * i + 1]);
    for (unsigned shift = 32; shift > 0; shift /= 2)
      parity ^= parity >> shift;
    bits |= static_cast<std::uint32_t>(parity & 1) << i;
  }
  return bits;
}

Horner horner_for(Target target) {
  switch (target) {
#if defined(LIGHTSEED_VECTOR128)
    case Target::vector128: return horner_128;
#endif
#if defined(__x86_64__)
    case Target::vector256: return horner_256;
    case Target::vector512: return horner_512;
#endif
    default: return horner_portable;
  }
}

}  // namespace lightseed::trevisan

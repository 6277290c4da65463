// SPDX-License-Identifier: Apache-2.0
#include "tests/bench/multiplier.h"

#include <algorithm>
#include <cstdint>
#include <limits>

#include "tests/bench/clock.h"

namespace lightseed::bench {
namespace {

#if defined(__x86_64__)

constexpr std::uint64_t rounds = 20'000;
constexpr unsigned instructions = 12;  ///< in a round

/// Seconds of a round: the best of some tries, since others use the machine too.
template <typename Round>
double seconds_of_round(const Round& round) {
  double best = std::numeric_limits<double>::infinity();
  for (int attempt = 0; attempt < 25; ++attempt) {
    const double start = thread_cpu_seconds();
    for (std::uint64_t i = 0; i < rounds; ++i)
      round();
    best = std::min(best, (thread_cpu_seconds() - start) / rounds);
  }
  return best;
}

// Twelve of an instruction, each into a register of its own; a shuffle's result is nobody's input, either.
#define LIGHTSEED_TWELVE(one) one(0) one(1) one(2) one(3) one(4) one(5) one(6) one(7) one(8) one(9) one(10) one(11)
#define LIGHTSEED_ROUND(one)                                                                                    \
  [] {                                                                                                          \
    asm volatile(LIGHTSEED_TWELVE(one)::                                                                        \
                     : "xmm0", "xmm1", "xmm2", "xmm3", "xmm4", "xmm5", "xmm6", "xmm7", "xmm8", "xmm9", "xmm10", \
                       "xmm11", "xmm12");                                                                       \
  }

// From registers that are only read, as wide as the target's kernels have them.
#define LIGHTSEED_PRODUCT_128(n) "vpclmulqdq $0x10, %%xmm13, %%xmm14, %%xmm" #n "\n"
#define LIGHTSEED_PRODUCT_256(n) "vpclmulqdq $0x10, %%ymm13, %%ymm14, %%ymm" #n "\n"
#define LIGHTSEED_PRODUCT_512(n) "vpclmulqdq $0x10, %%zmm13, %%zmm14, %%zmm" #n "\n"
#define LIGHTSEED_MIX_128(n) LIGHTSEED_PRODUCT_128(n) "vpshufd $0x4e, %%xmm13, %%xmm12\n"
#define LIGHTSEED_MIX_256(n) LIGHTSEED_PRODUCT_256(n) "vpshufd $0x4e, %%ymm13, %%ymm12\n"
#define LIGHTSEED_MIX_512(n) LIGHTSEED_PRODUCT_512(n) "vpshufd $0x4e, %%zmm13, %%zmm12\n"
#define LIGHTSEED_BYTES_512(n) "vgf2p8mulb %%zmm13, %%zmm14, %%zmm" #n "\n"
#define LIGHTSEED_AFFINE_512(n) "vgf2p8affineqb $0, %%zmm13, %%zmm14, %%zmm" #n "\n"

template <typename Products, typename Mix>
Multiplier rates_of(const Products& products, const Mix& mix) {
  const double alone = seconds_of_round(products), mixed = seconds_of_round(mix);
  return {.product = alone / instructions, .shuffle = std::max(0.0, mixed - alone) / instructions};
}

Multiplier rates_of(Target target) {
  switch (target) {
    case Target::portable: break;
    case Target::vector128: return rates_of(LIGHTSEED_ROUND(LIGHTSEED_PRODUCT_128), LIGHTSEED_ROUND(LIGHTSEED_MIX_128));
    case Target::vector256: return rates_of(LIGHTSEED_ROUND(LIGHTSEED_PRODUCT_256), LIGHTSEED_ROUND(LIGHTSEED_MIX_256));
    case Target::vector512: {
      Multiplier rates = rates_of(LIGHTSEED_ROUND(LIGHTSEED_PRODUCT_512), LIGHTSEED_ROUND(LIGHTSEED_MIX_512));
      rates.byte_product = seconds_of_round(LIGHTSEED_ROUND(LIGHTSEED_BYTES_512)) / instructions;
      rates.affine_product = seconds_of_round(LIGHTSEED_ROUND(LIGHTSEED_AFFINE_512)) / instructions;
      return rates;
    }
  }
  return {};
}

#endif

}  // namespace

Multiplier measured_multiplier(Target target) {
#if defined(__x86_64__)
  if (!__builtin_cpu_supports("avx")) return {};
  const Multiplier rates = rates_of(target);
  asm volatile("vzeroupper");
  return rates;
#else
  (void)target;
  return {};
#endif
}

}  // namespace lightseed::bench

// SPDX-License-Identifier: Apache-2.0
#if defined(__x86_64__)

#include "entropy/extract/trevisan/horner.h"
#include "gf2/intrinsics.h"

LIGHTSEED_BEGIN_TARGET("pclmul,ssse3")

namespace lightseed::trevisan {
namespace wide_128 {
namespace {

struct Wide128 {
  std::uint64_t low, high;
};

Wide128 product(std::uint64_t a, std::uint64_t b) noexcept {
  const __m128i c = _mm_clmulepi64_si128(_mm_cvtsi64_si128(static_cast<long long>(a)),
                                         _mm_cvtsi64_si128(static_cast<long long>(b)), 0);
  return {static_cast<std::uint64_t>(_mm_cvtsi128_si64(c)),
          static_cast<std::uint64_t>(_mm_cvtsi128_si64(_mm_unpackhi_epi64(c, c)))};
}

#include "entropy/extract/trevisan/horner_wide-inl.h"

}  // namespace
}  // namespace wide_128

std::uint32_t horner_wide_128(const std::uint64_t* x, std::size_t chunks, const std::uint64_t* alpha,
                              const std::uint64_t* beta) {
  return wide_128::horner_wide(x, chunks, alpha, beta);
}

}  // namespace lightseed::trevisan

LIGHTSEED_END_TARGET

#endif

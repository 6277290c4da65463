// SPDX-License-Identifier: Apache-2.0
#include "gf2/vector128.h"
#if defined(LIGHTSEED_VECTOR128)

#include "entropy/extract/trevisan/horner.h"
#include "gf2/intrinsics.h"

LIGHTSEED_BEGIN_TARGET(LIGHTSEED_VECTOR128)

namespace lightseed::trevisan {
namespace wide_128 {
namespace {

#include "gf2/carryless_128-inl.h"

struct Wide128 {
  std::uint64_t low, high;
};

Wide128 product(std::uint64_t a, std::uint64_t b) noexcept {
  const Vector::type c = Vector::product<0x00>(Vector::word(a), Vector::word(b));
  return {Vector::low_word(c), Vector::high_word(c)};
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

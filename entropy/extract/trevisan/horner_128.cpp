// SPDX-License-Identifier: Apache-2.0
#include "gf2/vector128.h"
#if defined(LIGHTSEED_VECTOR128)

#include "entropy/extract/trevisan/horner.h"
#include "gf2/intrinsics.h"

LIGHTSEED_BEGIN_TARGET(LIGHTSEED_VECTOR128)

namespace lightseed::trevisan {
namespace {

#include "entropy/extract/trevisan/horner-inl.h"
#include "gf2/carryless_128-inl.h"

}  // namespace

std::uint32_t horner_128(const std::uint64_t* x, std::size_t chunks, const std::uint64_t* alpha,
                         const std::uint64_t* alpha_up, const std::uint64_t* beta) {
  return horner<Vector, 4>(x, chunks, alpha, alpha_up, beta);
}

}  // namespace lightseed::trevisan

LIGHTSEED_END_TARGET

#endif

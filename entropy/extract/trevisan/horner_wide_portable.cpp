// SPDX-License-Identifier: Apache-2.0
#include "entropy/extract/trevisan/horner.h"
#include "gf2/gf128.h"

namespace lightseed::trevisan {
namespace wide_portable {
namespace {

using Wide128 = Gf128;

Wide128 product(std::uint64_t a, std::uint64_t b) noexcept {
  return carryless_product(a, b);
}

#include "entropy/extract/trevisan/horner_wide-inl.h"

}  // namespace
}  // namespace wide_portable

std::uint32_t horner_wide_portable(const std::uint64_t* x, std::size_t chunks, const std::uint64_t* alpha,
                                   const std::uint64_t* beta) {
  return wide_portable::horner_wide(x, chunks, alpha, beta);
}

HornerWide horner_wide_for(Target target) {
#if defined(LIGHTSEED_VECTOR128)
  // Whatever its vectors are, every target but the portable one multiplies words by PCLMULQDQ or PMULL.
  if (target != Target::portable) return horner_wide_128;
#endif
  static_cast<void>(target);
  return horner_wide_portable;
}

}  // namespace lightseed::trevisan

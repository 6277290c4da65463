// SPDX-License-Identifier: Apache-2.0
#include "entropy/extract/von_neumann/compress.h"

#if defined(__x86_64__)
#include "gf2/intrinsics.h"
#endif

namespace lightseed {

#if defined(__x86_64__)
namespace {

__attribute__((target("bmi2"))) std::uint64_t pext(std::uint64_t word, std::uint64_t mask) noexcept {
  return _pext_u64(word, mask);
}

}  // namespace
#endif

Compress fastest_compress(Target target) noexcept {
#if defined(__x86_64__)
  if (target != Target::portable && __builtin_cpu_supports("bmi2")) return pext;
#endif
  static_cast<void>(target);
  return compress_bits;
}

}  // namespace lightseed

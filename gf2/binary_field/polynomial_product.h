// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>

#include "gf2/target.h"
#include "gf2/vector128.h"

namespace lightseed::binary {

/// How one instruction set multiplies polynomials over GF(2) that are both secret: nothing about either is prepared.
/// Times and addresses depend on the sizes only.
struct PolynomialKernel {
  std::size_t leaf_words;  ///< lengths are multiples of this

  /// c = a b: `words` words each, c twice as many; c must not overlap the others. `scratch` holds
  /// scratch_words(words) words.
  void (*multiply)(const std::uint64_t* a, const std::uint64_t* b, std::uint64_t* c, std::size_t words,
                   std::uint64_t* scratch);

  /// c = a^2; c must not overlap a.
  void (*square)(const std::uint64_t* a, std::uint64_t* c, std::size_t words);

  /// Working memory of multiply(), in words.
  [[nodiscard]] std::size_t scratch_words(std::size_t words) const noexcept;
};

/// The kernel of a supported target.
const PolynomialKernel& polynomial_kernel(Target target);

extern const PolynomialKernel polynomial_kernel_portable;
#if defined(LIGHTSEED_VECTOR128)
extern const PolynomialKernel polynomial_kernel_128;
#endif
#if defined(__x86_64__)
extern const PolynomialKernel polynomial_kernel_512;
#endif

}  // namespace lightseed::binary

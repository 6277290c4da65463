// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "gf2/binary_field/polynomial_product.h"
#include "gf2/target.h"

namespace lightseed {

/// z^degree + z^middle + 1, irreducible over GF(2); middle <= degree / 2.
struct Trinomial {
  std::size_t degree, middle;
};

/// The fields known here, degrees ascending: the Mersenne exponents, where other implementations have theirs too, and
/// the first degree from each power of two on for which an irreducible trinomial exists. `middle` is the smallest
/// possible.
const std::vector<Trinomial>& trinomials();

/// GF(2^degree) as polynomials modulo a trinomial. Elements are words() words, the bits from `degree` on zero. Nothing
/// in it depends on the data but the result. Immutable: threads may share it.
class BinaryField {
 public:
  BinaryField(Trinomial modulus, Target target);

  [[nodiscard]] std::size_t degree() const noexcept { return modulus_.degree; }
  /// Words of an element: a multiple of what the target multiplies at once.
  [[nodiscard]] std::size_t words() const noexcept { return words_; }
  /// Words of working memory the operations need.
  [[nodiscard]] std::size_t scratch_words() const noexcept;

  /// c = a b; c may be a or b.
  void multiply(std::span<const std::uint64_t> a, std::span<const std::uint64_t> b, std::span<std::uint64_t> c,
                std::span<std::uint64_t> scratch) const;

  /// a = a^(2^times).
  void square(std::span<std::uint64_t> a, std::size_t times, std::span<std::uint64_t> scratch) const;

 private:
  Trinomial modulus_;
  const binary::PolynomialKernel* kernel_;
  std::size_t words_;

  void reduce(std::span<std::uint64_t> product, std::span<std::uint64_t> out, std::span<std::uint64_t> scratch) const;
};

}  // namespace lightseed

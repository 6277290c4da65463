// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace lightseed {

/// The block weak design with r = 1 (Ma and Tan; Mauerer, Portmann, Scholz, arXiv:1212.0520): `sets` sets of t seed
/// positions each, with sum over j < i of 2^|S_i and S_j| <= sets for every i.
///
/// Each block has t^2 seed bits of its own and holds a design over GF(t) by Hartman and Raz: set i is {t a + p_i(a)},
/// p_i being the polynomial with the base-t digits of i as coefficients. Such a design alone has r = 2e; blocks
/// shrinking by the factor 1 - 1/2e bring it to 1, and the last one, of at most t sets, has disjoint sets.
class WeakDesign {
 public:
  /// The set sizes t there are.
  static constexpr std::size_t narrow = 256, wide = 512;

  /// `set_size`: narrow or wide.
  explicit WeakDesign(std::size_t sets, std::size_t set_size = narrow);

  [[nodiscard]] std::size_t seed_bits() const noexcept { return block_sizes_.size() * set_size_ * set_size_; }
  /// Sets of each block.
  [[nodiscard]] const std::vector<std::size_t>& block_sizes() const noexcept { return block_sizes_; }

  /// The positions of a set, in the order of a.
  [[nodiscard]] std::vector<std::uint32_t> positions(std::size_t set) const;

 private:
  std::size_t set_size_;
  std::vector<std::size_t> block_sizes_;
};

}  // namespace lightseed

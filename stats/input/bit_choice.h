// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace lightseed::stats {

/// Which bits of wide samples are assessed, and why not the others.
struct BitChoice {
  struct Copy {
    unsigned bit, of;
  };
  std::vector<unsigned> kept{};      ///< most significant first, eight at most
  std::vector<unsigned> constant{};  ///< bits that never change
  std::vector<Copy> copies{};        ///< bits left out that nearly always equal, or oppose, one that is kept
};

/// Chooses up to eight bits of samples that are wider than an estimator takes: what SP 800-90B 6.4 asks the submitter
/// to rank, done from the data.
///
/// A bit is worth what it adds to the bits chosen before it: the growth of their joint collision entropy. So the upper
/// bits of a number with a sign, all copies of it, count once, however balanced they are. Where bits add the same, but
/// for chance, the most significant one is taken. Bits that add nothing are left out; with `eight` they fill up the
/// choice to eight bits.
/// `samples` of `bits` (9–32) bits each, in their order.
BitChoice choose_bits(std::span<const std::uint32_t> samples, unsigned bits, bool eight);

/// The choice as a sentence: "of 16 bits 15,8,7 are assessed; 14 to 9 repeat bit 15; 0 never changes".
std::string words_of(const BitChoice& choice, unsigned bits);

}  // namespace lightseed::stats

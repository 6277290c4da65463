// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "stats/input/bit_string.h"

namespace lightseed::stats {

/// [bit][length-1]: how many runs of that bit have each length; the last counts runs of `longest` bits or more.
/// 1 <= longest <= 32.
std::array<std::vector<std::uint64_t>, 2> run_counts(const BitString& bits, unsigned longest);

/// How the longest run of a block is put into classes, for sequences of so many bits (SP 800-22 2.4.4).
struct LongestRunClasses {
  std::size_t block = 0;
  unsigned first = 0;    ///< the first class: runs of this length or shorter
  unsigned classes = 0;  ///< the last one: this length - 1 + classes, or longer
};
LongestRunClasses longest_run_classes(std::uint64_t bits);

/// How many blocks' longest runs of `value` fall into each class.
std::vector<std::uint64_t> longest_run_counts(const BitString& bits, const LongestRunClasses& classes, bool value);

/// How many ones are left when each bit is replaced by its exclusive-or with the next, `times` times (0 to 32): of
/// bits.size() - times.
std::uint64_t derived_ones(const BitString& bits, unsigned times);

}  // namespace lightseed::stats

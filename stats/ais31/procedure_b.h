// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "stats/input/bit_string.h"

namespace lightseed::stats::ais31 {

/// Test procedure B of AIS 31: T6 to T8, one behind the other on one stream. Each takes bits until it has its samples,
/// so that how many it takes depends on the bits; this many are enough for any that T6 lets pass.
inline constexpr std::size_t procedure_b_bits = 8'000'000;

/// Samples a distribution.
inline constexpr std::uint32_t samples = 100'000;

/// How often a one follows each context of `context` bits (the first bit highest), in the first `samples` of the
/// disjoint words of context + 1 bits that begin so. `at` is the first bit, and then the one behind the last word that
/// was taken. Nothing when the bits do not suffice.
std::optional<std::vector<std::uint32_t>> ones_after(const BitString& bits, unsigned context, std::size_t& at);

/// T7's statistic: chi-square of two numbers of ones in `samples` each; homogeneous up to 15.13 (one in 10,000 is
/// above).
double homogeneity(std::uint32_t ones, std::uint32_t other_ones);
inline constexpr double most_homogeneity = 15.13;

/// T8: Coron's estimate of the entropy of a byte, from 256,000 of them after 2,560 to begin with; above 7.976 passes.
inline constexpr std::size_t t8_bits = (2'560 + 256'000) * 8;
inline constexpr double least_entropy = 7.976;
double coron_entropy(const BitString& bits, std::size_t first);

/// What the whole procedure comes to. Nothing where the bits did not suffice.
struct ProcedureB {
  double ones = 0;                                    ///< T6a: share of ones, within 0.5 ± 0.025
  std::optional<double> transition{};                 ///< T6b: |p(1|0) + p(0|1) - 1|, below 0.02
  std::optional<std::array<double, 2>> two_bits{};    ///< T7a: by the bit before the last one
  std::optional<std::array<double, 4>> three_bits{};  ///< T7b
  std::optional<double> entropy{};                    ///< T8
};
ProcedureB procedure_b(const BitString& bits);

}  // namespace lightseed::stats::ais31

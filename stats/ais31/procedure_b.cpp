// SPDX-License-Identifier: Apache-2.0
#include "stats/ais31/procedure_b.h"

#include <algorithm>
#include <cmath>

#include "stats/sequence/sequence.h"

namespace lightseed::stats::ais31 {
namespace {

/// `count` bits from `first` on as a number, the first bit highest.
std::size_t number(const BitString& bits, std::size_t first, unsigned count) {
  std::size_t value = 0;
  const std::uint64_t window = bits.window(first);
  for (unsigned k = 0; k < count; ++k)
    value = value << 1 | (window >> k & 1);
  return value;
}

/// ones_after's contexts in pairs that differ in their first bit alone: does what came before the last bits matter?
template <std::size_t pairs>
std::array<double, pairs> compared(const std::vector<std::uint32_t>& ones) {
  std::array<double, pairs> statistics{};
  for (std::size_t k = 0; k < pairs; ++k)
    statistics[k] = homogeneity(ones[k], ones[k + pairs]);
  return statistics;
}

}  // namespace

std::optional<std::vector<std::uint32_t>> ones_after(const BitString& bits, unsigned context, std::size_t& at) {
  const std::size_t contexts = std::size_t{1} << context;
  std::vector<std::uint32_t> seen(contexts);
  std::vector<std::uint32_t> ones(contexts);
  std::size_t full = 0;
  for (; full < contexts; at += context + 1) {
    if (at + context + 1 > bits.size()) return std::nullopt;
    const std::size_t which = number(bits, at, context);
    if (seen[which] == samples) continue;
    ones[which] += bits[at + context] ? 1 : 0;
    full += ++seen[which] == samples ? 1 : 0;
  }
  return ones;
}

double homogeneity(std::uint32_t ones, std::uint32_t other_ones) {
  double chi = 0;
  for (const bool bit : {false, true}) {
    const double a = bit ? ones : samples - ones;
    const double b = bit ? other_ones : samples - other_ones;
    if (a + b > 0) chi += (a - b) * (a - b) / (a + b);
  }
  return chi;
}

double coron_entropy(const BitString& bits, std::size_t first) {
  constexpr std::size_t begin = 2'560;
  constexpr std::size_t counted = 256'000;
  // g(i) = (1 + 1/2 + … + 1/(i-1)) / ln 2; the sums, once for all pieces.
  static const std::vector<double> harmonic = [] {
    std::vector<double> sums(begin + counted + 1);
    for (std::size_t i = 2; i < sums.size(); ++i)
      sums[i] = sums[i - 1] + 1 / static_cast<double>(i - 1);
    return sums;
  }();
  std::array<std::size_t, 256> last{};
  double sum = 0;
  for (std::size_t i = 1; i <= begin + counted; ++i) {
    std::size_t& seen = last[bits.window(first + (i - 1) * 8) & 255];
    // A byte that never came is as far away as the beginning.
    if (i > begin) sum += harmonic[i - seen];
    seen = i;
  }
  return sum / static_cast<double>(counted) / std::log(2.0);
}

ProcedureB procedure_b(const BitString& bits) {
  ProcedureB result;
  result.ones = static_cast<double>(ones_in(bits, 0, samples)) / samples;
  std::size_t at = samples;
  const auto one_bit = ones_after(bits, 1, at);
  if (!one_bit) return result;
  result.transition = std::abs(static_cast<double>((*one_bit)[0]) - static_cast<double>((*one_bit)[1])) / samples;
  if (const auto ones = ones_after(bits, 2, at)) result.two_bits = compared<2>(*ones);
  if (!result.two_bits) return result;
  if (const auto ones = ones_after(bits, 3, at)) result.three_bits = compared<4>(*ones);
  if (result.three_bits && at + t8_bits <= bits.size()) result.entropy = coron_entropy(bits, at);
  return result;
}

}  // namespace lightseed::stats::ais31

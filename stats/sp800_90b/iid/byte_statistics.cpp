// SPDX-License-Identifier: Apache-2.0
#include "stats/sp800_90b/iid/byte_statistics.h"

#include <algorithm>
#include <bit>
#include <cstring>

#include "core/clones.h"
#include "stats/sp800_90b/non_iid/byte_match.h"

namespace lightseed::sp800_90b {
namespace {

constexpr std::array<std::size_t, 5> lags{1, 2, 8, 16, 32};  // p of 5.1.9 and 5.1.10

LIGHTSEED_WIDE std::uint64_t ones_of(std::span<const std::uint64_t> signs, std::size_t size) {
  std::uint64_t ones = 0;
  for (std::size_t i = 0; i < size; i += 64) {
    const std::uint64_t all = ~std::uint64_t{0} >> (64 - std::min<std::size_t>(64, size - i));
    ones += static_cast<std::uint64_t>(std::popcount(signs[i / 64] & all));
  }
  return ones;
}

/// Tells of each wait until a sample repeats, in order and as long as it is answered by true.
template <typename Told>
LIGHTSEED_INLINE void for_each_wait(std::span<const std::uint8_t> data, const Told& told) {
  std::array<std::uint32_t, 256> last{};  // one-based place where a value was seen
  std::uint32_t begin = 1;
  for (std::uint32_t place = 1; place <= data.size(); ++place) {
    std::uint32_t& seen = last[data[place - 1]];
    if (seen >= begin) {
      if (!told(std::uint64_t{place - begin + 1})) return;
      begin = place + 1;
    }
    seen = place;
  }
}

/// Whether `length` >= 1 ones stand in a row.
bool ones_in_a_row(std::uint64_t word, std::uint64_t length) {
  if (length >= 64) return false;
  // After a step of `have`, a one stands for that many ones from its place on.
  std::uint64_t have = 1;
  for (; 2 * have <= length; have *= 2)
    word &= word >> have;
  return (word & word >> (length - have)) != 0;
}

}  // namespace

LIGHTSEED_WIDE void rising_signs(std::span<const std::uint8_t> data, Signs& signs) {
  signs.assign((data.size() - 1 + 63) / 64, 0);
  for (std::size_t i = 0; i + 1 < data.size(); i += 64) {
    const std::size_t steps = std::min<std::size_t>(64, data.size() - 1 - i);
    if (steps == 64) {
      signs[i / 64] = byte_not_above_64(data.data() + i, data.data() + i + 1);
      continue;
    }
    for (std::size_t t = 0; t < steps; ++t)
      signs[i / 64] |= std::uint64_t{data[i + t] <= data[i + t + 1]} << t;
  }
}

LIGHTSEED_WIDE void upper_signs(std::span<const std::uint8_t> data, std::uint8_t threshold, Signs& signs) {
  std::array<std::uint8_t, 64> bound;
  bound.fill(threshold);
  signs.assign((data.size() + 63) / 64, 0);
  for (std::size_t i = 0; i < data.size(); i += 64) {
    const std::size_t steps = std::min<std::size_t>(64, data.size() - i);
    if (steps == 64) {
      signs[i / 64] = byte_not_above_64(bound.data(), data.data() + i);
      continue;
    }
    for (std::size_t t = 0; t < steps; ++t)
      signs[i / 64] |= std::uint64_t{data[i + t] >= threshold} << t;
  }
}

LIGHTSEED_WIDE Runs runs_of(std::span<const std::uint64_t> signs, std::size_t size) {
  Runs runs;
  if (size == 0) return runs;
  std::size_t begin = 0;
  const auto end_at = [&](std::size_t next) {
    runs.longest = std::max<std::uint64_t>(runs.longest, next - begin);
    begin = next;
  };
  for (std::size_t i = 0; i < size; i += 64) {
    // A one in `edges` ends a run: the next sign is another one. The last run ends with the data.
    const std::uint64_t word = signs[i / 64];
    const std::uint64_t next = i + 64 < size ? signs[i / 64 + 1] : 0;
    std::uint64_t edges = word ^ (word >> 1 | next << 63);
    const std::size_t pairs = std::min<std::size_t>(64, size - 1 - i);
    if (pairs < 64) edges &= (std::uint64_t{1} << pairs) - 1;
    if (edges == 0) continue;
    runs.count += static_cast<std::uint64_t>(std::popcount(edges));
    end_at(i + static_cast<std::size_t>(std::countr_zero(edges)) + 1);
    // Runs inside the word matter only where one is longer than all so far: as many signs in a row without an edge.
    if (ones_in_a_row(~edges, runs.longest)) {
      for (std::uint64_t left = edges; left != 0; left &= left - 1)
        end_at(i + static_cast<std::size_t>(std::countr_zero(left)) + 1);
    }
    begin = i + static_cast<std::size_t>(std::bit_width(edges));
  }
  ++runs.count;
  end_at(size);
  return runs;
}

Collisions collisions_of(std::span<const std::uint8_t> data) {
  Collisions result;
  std::uint64_t waits = 0;
  std::uint64_t sum = 0;
  for_each_wait(data, [&](std::uint64_t wait) {
    ++waits;
    sum += wait;
    result.longest = std::max(result.longest, wait);
    return true;
  });
  result.average = waits == 0 ? 0 : static_cast<double>(sum) / static_cast<double>(waits);
  return result;
}

std::uint64_t longest_wait(std::span<const std::uint8_t> data, std::uint64_t enough) {
  std::uint64_t longest = 0;
  for_each_wait(data, [&](std::uint64_t wait) {
    longest = std::max(longest, wait);
    return longest <= enough;
  });
  return longest;
}

double least_average_wait(std::span<const std::uint8_t> data, double average) {
  constexpr std::size_t values = 256;
  constexpr std::size_t deepest = 8;  // counts of so many lags take a third of the time of a walk from wait to wait
  if (data.size() <= values) return 0;
  // The unfinished wait at the end has no value twice.
  const auto waited = static_cast<double>(data.size() - values);
  double waits = 0;                                // the most that are of d+1 samples or fewer
  double left = static_cast<double>(data.size());  // samples that these do not take
  const auto bound = [&](std::size_t d, double more_waits, double fewer_left) {
    const double longer = std::max(0.0, left - fewer_left) / static_cast<double>(d + 2);
    return waited / (waits + more_waits + longer) * (1 - 1e-9);  // so much for the rounding of a few sums
  };
  for (std::size_t d = 1; d <= deepest; ++d) {
    const auto same = static_cast<double>(periodicity(data, d));
    waits += same;
    left -= same * static_cast<double>(d + 1);
    if (bound(d, 0, 0) > average) return bound(d, 0, 0);
    // If further lags are as frequent, is any of them going to be enough?
    bool hope = false;
    double more = 0;
    double fewer = 0;
    for (std::size_t next = d + 1; next <= deepest && !hope; ++next) {
      more += same;
      fewer += same * static_cast<double>(next + 1);
      hope = bound(next, more, fewer) > average;
    }
    if (!hope) break;
  }
  return 0;
}

/// 32 comparisons an instruction, counted in bytes that are emptied before they can be full: bound by two loads.
LIGHTSEED_WIDE std::uint64_t periodicity(std::span<const std::uint8_t> data, std::size_t lag) {
  using Bytes = std::uint8_t __attribute__((vector_size(32)));
  constexpr std::size_t block = 255 * sizeof(Bytes);
  std::uint64_t same = 0;
  std::size_t i = 0;
  while (i + lag + sizeof(Bytes) <= data.size()) {
    const std::size_t end = i + std::min(block, (data.size() - lag - i) / sizeof(Bytes) * sizeof(Bytes));
    Bytes counts{};
    for (; i < end; i += sizeof(Bytes)) {
      Bytes now, then;
      std::memcpy(&now, data.data() + i + lag, sizeof now);
      std::memcpy(&then, data.data() + i, sizeof then);
      counts += (now == then) & 1;
    }
    for (std::size_t k = 0; k < sizeof(Bytes); ++k)
      same += counts[k];
  }
  for (; i + lag < data.size(); ++i)
    same += data[i] == data[i + lag] ? 1 : 0;
  return same;
}

/// A product of two bytes fits into 16 bits, and 2^15 pairs of such products into the 32 bits they are summed in.
LIGHTSEED_WIDE std::uint64_t covariance(std::span<const std::uint8_t> data, std::size_t lag) {
  using Bytes = std::uint8_t __attribute__((vector_size(16)));
  using Products = std::uint16_t __attribute__((vector_size(32)));
  using Sums = std::uint32_t __attribute__((vector_size(32)));
  constexpr std::size_t block = sizeof(Bytes) << 15;
  std::uint64_t sum = 0;
  std::size_t i = 0;
  while (i + lag + sizeof(Bytes) <= data.size()) {
    const std::size_t end = i + std::min(block, (data.size() - lag - i) / sizeof(Bytes) * sizeof(Bytes));
    Sums sums{};
    for (; i < end; i += sizeof(Bytes)) {
      Bytes now, then;
      std::memcpy(&now, data.data() + i + lag, sizeof now);
      std::memcpy(&then, data.data() + i, sizeof then);
      const Products products = __builtin_convertvector(now, Products) * __builtin_convertvector(then, Products);
      Sums pairs;
      std::memcpy(&pairs, &products, sizeof pairs);
      sums += (pairs & 0xFFFF) + (pairs >> 16);
    }
    for (std::size_t k = 0; k < sizeof(Sums) / sizeof(std::uint32_t); ++k)
      sum += sums[k];
  }
  for (; i + lag < data.size(); ++i)
    sum += std::uint64_t{data[i]} * data[i + lag];
  return sum;
}

void neighbour_statistics(std::span<const std::uint8_t> data, StatisticSet which, StatisticValues& values) {
  if (which[1] || which[2] || which[3]) {
    Signs signs;
    rising_signs(data, signs);
    const std::size_t size = data.size() - 1;
    const Runs runs = runs_of(signs, size);
    const std::uint64_t rising = ones_of(signs, size);
    values[1] = static_cast<double>(runs.count);
    values[2] = static_cast<double>(runs.longest);
    values[3] = static_cast<double>(std::max(rising, size - rising));
  }
  for (std::size_t k = 0; k < lags.size(); ++k) {
    if (which[8 + k]) values[8 + k] = static_cast<double>(periodicity(data, lags[k]));
    if (which[13 + k]) values[13 + k] = static_cast<double>(covariance(data, lags[k]));
  }
}

void collision_statistics(std::span<const std::uint8_t> data, StatisticSet which, const StatisticValues* original,
                          StatisticValues& values) {
  if (original != nullptr) {
    if (which[6]) {
      values[6] = least_average_wait(data, (*original)[6]);
      if (values[6] > (*original)[6]) which.reset(6);
    }
    if (which[7] && !which[6]) {
      values[7] = static_cast<double>(longest_wait(data, static_cast<std::uint64_t>((*original)[7])));
      which.reset(7);
    }
  }
  if (!which[6] && !which[7]) return;
  const Collisions collisions = collisions_of(data);
  if (which[6]) values[6] = collisions.average;
  if (which[7]) values[7] = static_cast<double>(collisions.longest);
}

}  // namespace lightseed::sp800_90b

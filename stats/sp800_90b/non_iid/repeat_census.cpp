// SPDX-License-Identifier: Apache-2.0
#include "stats/sp800_90b/non_iid/repeat_census.h"

#include <algorithm>
#include <cstring>
#include <span>
#include <utility>

#include "core/clones.h"

namespace lightseed::sp800_90b {
namespace {

using Counts = RepeatCensus::Counts;

/// The counts stay in registers, eight lengths in each; a step waits for two instructions of the one before.
LIGHTSEED_WIDE void count_rows(std::span<const std::uint32_t> commons, Counts& counts) {
  using Modular = std::uint32_t __attribute__((vector_size(32)));
  using Numbers = std::int32_t __attribute__((vector_size(32)));
  constexpr std::size_t registers = RepeatCensus::side_by_side / 8;
  Numbers row[registers], most[registers];
  Modular pairs[registers];
  std::memcpy(row, counts.row.data(), sizeof row);
  std::memcpy(most, counts.most.data(), sizeof most);
  std::memcpy(pairs, counts.pairs.data(), sizeof pairs);
  constexpr Numbers first{0, 1, 2, 3, 4, 5, 6, 7};
  for (const std::uint32_t common : commons) {
    const Numbers shares = Numbers{} + static_cast<std::int32_t>(common);
#pragma GCC unroll 4
    for (std::size_t k = 0; k < registers; ++k) {
      const Numbers goes_on = shares > first + static_cast<std::int32_t>(8 * k);
      row[k] = (row[k] + 1) & goes_on;
      const Numbers more = row[k] > most[k];
      most[k] = (row[k] & more) | (most[k] & ~more);
      pairs[k] += __builtin_convertvector(row[k], Modular);
    }
  }
  std::memcpy(counts.row.data(), row, sizeof row);
  std::memcpy(counts.most.data(), most, sizeof most);
  std::memcpy(counts.pairs.data(), pairs, sizeof pairs);
}

}  // namespace

void RepeatCensus::take_in() {
  const auto commons = std::span(waiting_).first(waits_);
  waits_ = 0;
  count_rows(commons, counts_);
  for (std::size_t k = 0; k < side_by_side; ++k)
    short_pairs_[k + 1] += std::exchange(counts_.pairs[k], 0);
  for (const std::uint32_t common : commons) {
    ++suffixes_;
    if (common > side_by_side || open_.size() > 1) nest(std::max(common, side_by_side));
  }
}

/// The suffix taken in shares `common` symbols with the one before it; side_by_side stands for fewer as well.
void RepeatCensus::nest(std::uint32_t common) {
  std::uint32_t first = suffixes_ - 1;
  while (open_.back().common > common) {
    const Group group = open_.back();
    open_.pop_back();
    first = group.first;
    close(group.common, std::max(common, open_.back().common), suffixes_ - first);
  }
  if (open_.back().common < common) open_.push_back({common, first});
}

/// `count` suffixes share `common` symbols, and more suffixes share `outer` < common.
void RepeatCensus::close(std::uint32_t common, std::uint32_t outer, std::uint32_t count) {
  if (common >= pairs_.size()) pairs_.resize(std::size_t{common} + 1);
  if (count >= frequent) {
    if (common >= most_.size()) most_.resize(std::size_t{common} + 1);
    if (count > most_[common]) most_[common] = count;
    return;
  }
  const std::uint64_t pairs = std::uint64_t{count} * (count - 1) / 2;
  pairs_[common] += pairs;
  pairs_[outer] -= pairs;
}

void RepeatCensus::finish() {
  add(0);
  take_in();
  std::size_t repeats = 0;  // short lengths at which something does
  std::size_t often = 0;    // and at which something comes 35 times
  for (std::size_t k = 0; k < side_by_side; ++k) {
    if (counts_.most[k] > 0) repeats = k + 1;
    if (counts_.most[k] + 1 >= frequent) often = k + 1;
  }
  for (std::size_t i = most_.size(); i-- > 1;)
    most_[i - 1] = std::max(most_[i - 1], most_[i]);
  for (std::size_t i = pairs_.size(); i-- > 1;)
    pairs_[i - 1] += pairs_[i];
  if (repeats > 0) {
    pairs_.resize(std::max(pairs_.size(), repeats + 1));
    std::copy_n(short_pairs_.begin(), repeats + 1, pairs_.begin());
  }
  if (often > 0) {
    most_.resize(std::max(most_.size(), often + 1));
    for (std::size_t i = 1; i <= often; ++i)
      most_[i] = counts_.most[i - 1] + 1;
    most_[0] = most_[1];
  }
}

}  // namespace lightseed::sp800_90b

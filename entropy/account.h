// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "evidence/epsilon_record.h"

namespace lightseed {

/// A sum of terms count * 2^-e as an exact binary fraction, 4224 places after the point.
class DyadicSum {
 public:
  /// Adds count * mantissa * 2^exponent; exponent from -4224 to 0. Returns false, leaving the sum as it
  /// was, when the result would not be below 2^64.
  bool add(std::uint64_t count, std::uint64_t mantissa, int exponent) noexcept;

  /// 1 minus the sum, which is at most 1.
  [[nodiscard]] DyadicSum up_to_one() const noexcept;

  /// Adds `other` * mantissa * 2^exponent, where every term of `other` gives an exponent that add() takes.
  void add(const DyadicSum& other, std::uint64_t mantissa, int exponent) noexcept;

  [[nodiscard]] bool zero() const noexcept;

  /// The sum is larger than that of `other`.
  [[nodiscard]] bool above(const DyadicSum& other) const noexcept;

  /// log2 of the sum: exact for powers of two, otherwise rounded up; -infinity for nothing.
  [[nodiscard]] double log2() const noexcept;

 private:
  static constexpr std::size_t words = 67;  ///< least significant first; the last one is the integer part
  std::array<std::uint64_t, words> limbs_{};
};

/// Book-keeping of the distance from uniform over all blocks one promise covers.
///
/// A strong extractor with one uniform seed, independent of the source, over N blocks whose min-entropy holds
/// conditional on all blocks before gives N outputs that together with the seed are within N * epsilon of uniform
/// (hybrid argument, docs/extractors.md); a seed that is itself only epsilon_s close to uniform adds epsilon_s once
/// for all blocks it serves. The account adds these terms and refuses to pass its limit. The sum is exact where the
/// logarithms differ from the limit's by whole numbers, so that a promise of one block is kept whatever its epsilon;
/// others are rounded up, by less than 2^-50 of their value.
class EpsilonAccount {
 public:
  using Charge = EpsilonRecord::Charge;

  /// `limit_log2`, from -4000 to 0: the largest total distance from uniform, 2^limit_log2. Throws Error(usage).
  explicit EpsilonAccount(double limit_log2);

  /// Adds `blocks` blocks of 2^log2_epsilon_per_block each (from -4000 to 0). Throws Error(refused), with the
  /// arithmetic and the account as it was, when the total would pass the limit; Error(usage) outside the range.
  void charge(double log2_epsilon_per_block, std::uint64_t blocks);

  /// Adds fresh seeds, each 2^log2_epsilon from uniform given everything before. Throws like charge().
  void charge_seed(double log2_epsilon, std::uint64_t seeds = 1);

  [[nodiscard]] double limit_log2() const noexcept { return limit_log2_; }
  /// log2 of the total, rounded up but never above the limit; -infinity before the first charge.
  [[nodiscard]] double total_log2() const noexcept;
  [[nodiscard]] std::uint64_t blocks() const noexcept;
  /// One entry for each distinct epsilon, in the order of their first charge.
  [[nodiscard]] const std::vector<Charge>& charges() const noexcept { return charges_; }

  [[nodiscard]] EpsilonRecord record() const;

 private:
  /// Charges whose logarithm is the limit's minus a whole number are counted exactly, as shares of the limit; the
  /// others are rounded up.
  struct Total {
    DyadicSum shares_of_limit, others;
  };

  double limit_log2_;
  Total total_;  ///< but for `waiting_`
  std::vector<Charge> charges_;
  /// A stream charges its blocks one by one, and a sum of 4224 places would cost as much as a block's extraction. So it
  /// is known how many more of the newest charge fit, and these are added when the sum is asked for.
  std::size_t newest_ = 0;
  std::uint64_t known_to_fit_ = 0;
  std::uint64_t waiting_ = 0;  ///< counted in charges_[newest_]

  void add(Charge::What what, double log2_epsilon, std::uint64_t count);
  [[nodiscard]] Total total() const noexcept;
  [[nodiscard]] std::optional<Total> with(const Total& total, double log2_epsilon, std::uint64_t count) const noexcept;
  [[nodiscard]] bool within_limit(const Total& total) const noexcept;
};

/// Adds an account up again from its charges. Throws Error(usage) for a charge out of range, Error(verdict) when the
/// stated total or number of blocks is not what the charges give, Error(refused) when they pass the limit.
EpsilonAccount account_from(const EpsilonRecord& record);

}  // namespace lightseed

#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "core/json.h"

namespace lightseed {

/// A sum of terms count * 2^-e as an exact binary fraction, 4096 places after the point.
class DyadicSum {
 public:
  /// Adds count * mantissa * 2^exponent; exponent from -4096 to 0. Returns false, leaving the sum as it
  /// was, when the result would not be below 2^64.
  bool add(std::uint64_t count, std::uint64_t mantissa, int exponent) noexcept;

  /// The sum is larger than that of `other`.
  [[nodiscard]] bool above(const DyadicSum& other) const noexcept;

  /// log2 of the sum: exact for powers of two, otherwise rounded up; -infinity for nothing.
  [[nodiscard]] double log2() const noexcept;

 private:
  static constexpr std::size_t words = 65;  ///< least significant first; word 64 is the integer part
  std::vector<std::uint64_t> limbs_ = std::vector<std::uint64_t>(words, 0);
};

/// Book-keeping of the distance from uniform over all blocks one promise covers.
///
/// A strong extractor with one uniform seed, independent of the source, over N blocks whose min-entropy holds
/// conditional on all blocks before gives N outputs that together with the seed are within N * epsilon of uniform
/// (hybrid argument, docs/extractors.md); a seed that is itself only epsilon_s close to uniform adds epsilon_s once
/// for all blocks it serves. The account adds these terms and refuses to pass its limit. The sum is exact when the
/// logarithms are whole numbers; others are rounded up, by less than 2^-50 of their value.
class EpsilonAccount {
 public:
  /// One line of the account.
  struct Charge {
    enum class What { blocks, seed } what;
    double log2_epsilon;  ///< of one block, or of the seed
    std::uint64_t count;  ///< blocks, or seeds
  };

  /// `limit_log2`, from -4000 to 0: the largest total distance from uniform, 2^limit_log2. Throws Error(usage).
  explicit EpsilonAccount(double limit_log2);

  /// Adds `blocks` blocks of 2^log2_epsilon_per_block each (from -4000 to 0). Throws Error(refused), with the
  /// arithmetic and the account as it was, when the total would pass the limit; Error(usage) outside the range.
  void charge(double log2_epsilon_per_block, std::uint64_t blocks);

  /// Adds fresh seeds, each 2^log2_epsilon from uniform given everything before. Throws like charge().
  void charge_seed(double log2_epsilon, std::uint64_t seeds = 1);

  [[nodiscard]] double limit_log2() const noexcept { return limit_log2_; }
  /// log2 of the total, rounded up; -infinity before the first charge.
  [[nodiscard]] double total_log2() const noexcept { return total_.log2(); }
  [[nodiscard]] std::uint64_t blocks() const noexcept;
  /// One entry for each distinct epsilon, in the order of their first charge.
  [[nodiscard]] const std::vector<Charge>& charges() const noexcept { return charges_; }

 private:
  double limit_log2_;
  DyadicSum limit_, total_;
  std::vector<Charge> charges_;

  void add(Charge::What what, double log2_epsilon, std::uint64_t count);
};

/// `{"rule":"sum of count * 2^log2_epsilon","limit_log2":…,"total_log2":…,"blocks":…,
///   "charges":[{"what":"blocks","log2_epsilon":…,"count":…}]}`; total_log2 is null before the first charge.
Json to_json(const EpsilonAccount& account);

/// Recomputes an account from its charges. Throws Error(usage) when a member is missing or malformed, Error(verdict)
/// when the stated total or number of blocks is not what the charges give, Error(refused) when they pass the limit.
EpsilonAccount epsilon_account_from(const Json& json);

}  // namespace lightseed

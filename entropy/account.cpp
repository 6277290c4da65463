// SPDX-License-Identifier: Apache-2.0
#include "entropy/account.h"

#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <limits>
#include <numeric>
#include <optional>
#include <string>

#include "core/error.h"

namespace lightseed {
namespace {

__extension__ typedef unsigned __int128 Wide;  // ISO C++ has no name for it

constexpr double least_log2 = -4000;
constexpr int mantissa_bits = 53;

/// 2^log2 as mantissa * 2^exponent, exact for whole logarithms. exp2 may be one unit off in the last place, so the
/// mantissa of any other is moved by two units in the direction that errs on the safe side.
struct Power {
  std::uint64_t mantissa;
  int exponent;
};

enum class Round { up, down };

Power power_of_two(double log2, Round round) {
  const double whole = std::floor(log2);
  const double fraction = log2 - whole;
  if (fraction == 0) return {1, static_cast<int>(whole)};
  const auto mantissa = static_cast<std::uint64_t>(std::ldexp(std::exp2(fraction), mantissa_bits - 1));
  return {round == Round::up ? mantissa + 2 : mantissa - 2, static_cast<int>(whole) - (mantissa_bits - 1)};
}

void require_log2(const char* what, double log2) {
  if (log2 >= least_log2 && log2 <= 0) return;
  throw Error(Category::usage,
              fmt::format("{} is given as its logarithm, from {} to 0, not {}", what, least_log2, log2));
}

}  // namespace

bool DyadicSum::add(std::uint64_t count, std::uint64_t mantissa, int exponent) noexcept {
  const auto product = static_cast<Wide>(count) * mantissa;
  const int lowest = exponent + 64 * (static_cast<int>(words) - 1);
  const auto place = static_cast<std::size_t>(lowest);
  const std::size_t first = place / 64;
  const unsigned shift = place % 64;
  const auto low = static_cast<std::uint64_t>(product);
  const auto high = static_cast<std::uint64_t>(product >> 64);
  const std::uint64_t parts[3] = {low << shift, shift == 0 ? high : high << shift | low >> (64 - shift),
                                  shift == 0 ? 0 : high >> (64 - shift)};
  std::array<std::uint64_t, words> sum = limbs_;
  std::uint64_t carry = 0;
  for (std::size_t i = first; i < words && (i - first < 3 || carry != 0); ++i) {
    const std::uint64_t part = i - first < 3 ? parts[i - first] : 0;
    const auto wide = static_cast<Wide>(sum[i]) + part + carry;
    sum[i] = static_cast<std::uint64_t>(wide);
    carry = static_cast<std::uint64_t>(wide >> 64);
  }
  bool lost = carry != 0;
  for (std::size_t k = words - first; k < 3; ++k)
    lost = lost || parts[k] != 0;
  if (lost) return false;
  limbs_ = sum;
  return true;
}

DyadicSum DyadicSum::up_to_one() const noexcept {
  DyadicSum rest;  // the two's complement of the fraction, and the integer part that is left of 1
  std::uint64_t carry = 1;
  for (std::size_t i = 0; i + 1 < words; ++i) {
    rest.limbs_[i] = ~limbs_[i] + carry;
    carry = carry != 0 && limbs_[i] == 0 ? 1 : 0;
  }
  rest.limbs_.back() = carry - limbs_.back();
  return rest;
}

void DyadicSum::add(const DyadicSum& other, std::uint64_t mantissa, int exponent) noexcept {
  for (std::size_t i = 0; i < words; ++i) {
    const int place = 64 * (static_cast<int>(i) - static_cast<int>(words) + 1);
    if (other.limbs_[i] != 0) add(other.limbs_[i], mantissa, place + exponent);
  }
}

bool DyadicSum::zero() const noexcept {
  return std::ranges::all_of(limbs_, [](std::uint64_t limb) { return limb == 0; });
}

bool DyadicSum::above(const DyadicSum& other) const noexcept {
  return std::lexicographical_compare(other.limbs_.rbegin(), other.limbs_.rend(), limbs_.rbegin(), limbs_.rend());
}

double DyadicSum::log2() const noexcept {
  std::size_t top = words;
  while (top > 0 && limbs_[top - 1] == 0)
    --top;
  if (top == 0) return -std::numeric_limits<double>::infinity();
  const std::uint64_t high = limbs_[top - 1];
  const std::uint64_t next = top > 1 ? limbs_[top - 2] : 0;
  const int lead = 63 - std::countl_zero(high);
  const double place = lead + 64.0 * (static_cast<double>(top) - static_cast<double>(words));
  // NOLINTNEXTLINE(clang-analyzer-core.UndefinedBinaryOperatorResult): high is not 0, so lead is not negative
  const std::uint64_t normal = lead == 63 ? high : high << (63 - lead) | next >> (lead + 1);
  const bool exact = normal == std::uint64_t{1} << 63 && (lead == 63 || next << (63 - lead) == 0) &&
                     std::all_of(limbs_.begin(), limbs_.begin() + static_cast<std::ptrdiff_t>(top > 1 ? top - 2 : 0),
                                 [](std::uint64_t limb) { return limb == 0; }) &&
                     (lead != 63 || next == 0);
  if (exact) return place;
  // Eleven bits are dropped by the step to double; both roundings and the final one go up.
  const double mantissa = std::ldexp(static_cast<double>((normal >> 11) + 1), -52);
  const double log2 = std::nextafter(std::log2(mantissa), 2);
  return std::nextafter(place + log2, std::numeric_limits<double>::infinity());
}

namespace {

/// The charge is 2^-d times the limit, and d a whole number: then d. With d from 0 on, log2_epsilon + d is exact.
std::optional<int> steps_below(double limit_log2, double log2_epsilon) {
  const double d = limit_log2 - log2_epsilon;
  if (d >= 0 && d == std::floor(d) && log2_epsilon + d == limit_log2) return static_cast<int>(d);
  return std::nullopt;
}

}  // namespace

EpsilonAccount::EpsilonAccount(double limit_log2) : limit_log2_(limit_log2) {
  require_log2("the limit of an epsilon account", limit_log2);
}

void EpsilonAccount::charge(double log2_epsilon_per_block, std::uint64_t blocks) {
  add(Charge::What::blocks, log2_epsilon_per_block, blocks);
}

void EpsilonAccount::charge_seed(double log2_epsilon, std::uint64_t seeds) {
  add(Charge::What::seed, log2_epsilon, seeds);
}

bool EpsilonAccount::within_limit(const Total& total) const noexcept {
  DyadicSum one;
  one.add(1, 1, 0);
  if (total.shares_of_limit.above(one)) return false;
  const Power limit = power_of_two(limit_log2_, Round::down);
  DyadicSum room;
  room.add(total.shares_of_limit.up_to_one(), limit.mantissa, limit.exponent);
  return !total.others.above(room);
}

/// With so many charges more; nothing when they would pass the limit.
std::optional<EpsilonAccount::Total> EpsilonAccount::with(const Total& total, double log2_epsilon,
                                                          std::uint64_t count) const noexcept {
  Total sum = total;
  const std::optional<int> steps = steps_below(limit_log2_, log2_epsilon);
  const Power power = power_of_two(log2_epsilon, Round::up);
  const bool added =
      steps ? sum.shares_of_limit.add(count, 1, -*steps) : sum.others.add(count, power.mantissa, power.exponent);
  if (!added || !within_limit(sum)) return std::nullopt;
  return sum;
}

EpsilonAccount::Total EpsilonAccount::total() const noexcept {
  // They are known to fit, so that there is a sum.
  return waiting_ == 0 ? total_ : with(total_, charges_[newest_].log2_epsilon, waiting_).value_or(total_);
}

void EpsilonAccount::add(Charge::What what, double log2_epsilon, std::uint64_t count) {
  const auto is_it = [&](const Charge& charge) { return charge.what == what && charge.log2_epsilon == log2_epsilon; };
  if (known_to_fit_ != 0 && count <= known_to_fit_ && is_it(charges_[newest_])) {
    charges_[newest_].count += count;
    known_to_fit_ -= count;
    waiting_ += count;
    return;
  }
  require_log2("an epsilon", log2_epsilon);
  const std::uint64_t counted = std::accumulate(charges_.begin(), charges_.end(), std::uint64_t{0},
                                                [](std::uint64_t all, const Charge& c) { return all + c.count; });
  const std::uint64_t most = std::numeric_limits<std::uint64_t>::max() - counted;
  if (count > most) {
    throw Error(Category::refused,
                fmt::format("epsilon account exhausted: {} + {} charges are more than 2^64 - 1", counted, count));
  }
  const std::optional<Total> sum = with(total(), log2_epsilon, count);
  if (!sum) {
    throw Error(
        Category::refused,
        fmt::format("epsilon account exhausted: {} + {} x 2^{} would pass its limit of 2^{}; open a new account (a "
                    "new promise) or take a smaller epsilon per block",
                    std::isinf(total_log2()) ? "0" : fmt::format("2^{:.6g}", total_log2()), count, log2_epsilon,
                    limit_log2_));
  }
  const auto same = std::ranges::find_if(charges_, is_it);
  const auto place = static_cast<std::size_t>(same - charges_.begin());
  if (same == charges_.end()) {
    charges_.push_back({what, log2_epsilon, count});
  } else {
    same->count += count;
  }
  newest_ = place;
  total_ = *sum;
  waiting_ = 0;
  constexpr std::uint64_t ahead = 4096;
  known_to_fit_ = ahead <= most - count && with(total_, log2_epsilon, ahead) ? ahead : 0;
}

double EpsilonAccount::total_log2() const noexcept {
  const Total sum = total();
  const double shares = sum.shares_of_limit.log2();
  if (sum.others.zero() && shares == std::floor(shares)) return limit_log2_ + shares;  // a power of two
  const Power limit = power_of_two(limit_log2_, Round::up);
  DyadicSum all = sum.others;
  all.add(sum.shares_of_limit, limit.mantissa, limit.exponent);
  return std::min(all.log2(), limit_log2_);
}

std::uint64_t EpsilonAccount::blocks() const noexcept {
  return std::accumulate(charges_.begin(), charges_.end(), std::uint64_t{0}, [](std::uint64_t sum, const Charge& c) {
    return c.what == Charge::What::blocks ? sum + c.count : sum;
  });
}

EpsilonRecord EpsilonAccount::record() const {
  const double total = total_log2();
  return {.limit_log2 = limit_log2_,
          .total_log2 = std::isinf(total) ? std::nullopt : std::optional(total),
          .blocks = blocks(),
          .charges = charges_};
}

EpsilonAccount account_from(const EpsilonRecord& record) {
  EpsilonAccount account(record.limit_log2);
  for (const EpsilonRecord::Charge& charge : record.charges) {
    if (charge.what == EpsilonRecord::Charge::What::blocks) {
      account.charge(charge.log2_epsilon, charge.count);
    } else {
      account.charge_seed(charge.log2_epsilon, charge.count);
    }
  }
  const EpsilonRecord again = account.record();
  const auto text = [](std::optional<double> log2) { return log2 ? fmt::format("2^{}", *log2) : "nothing"; };
  if (again.total_log2 != record.total_log2) {
    throw Error(Category::verdict, fmt::format("the epsilon account states a total of {}, but its charges give {}",
                                               text(record.total_log2), text(again.total_log2)));
  }
  if (again.blocks != record.blocks) {
    throw Error(Category::verdict, fmt::format("the epsilon account states {} blocks, but its charges are for {}",
                                               record.blocks, again.blocks));
  }
  return account;
}

}  // namespace lightseed

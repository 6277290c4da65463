#include "entropy/account.h"

#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <limits>
#include <numeric>
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
  std::vector<std::uint64_t> sum = limbs_;
  std::uint64_t carry = 0;
  for (std::size_t i = first; i < words; ++i) {
    const std::uint64_t part = i - first < 3 ? parts[i - first] : 0;
    const auto wide = static_cast<Wide>(sum[i]) + part + carry;
    sum[i] = static_cast<std::uint64_t>(wide);
    carry = static_cast<std::uint64_t>(wide >> 64);
  }
  bool lost = carry != 0;
  for (std::size_t k = words - first; k < 3; ++k)
    lost = lost || parts[k] != 0;
  if (lost) return false;
  limbs_ = std::move(sum);
  return true;
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

EpsilonAccount::EpsilonAccount(double limit_log2) : limit_log2_(limit_log2) {
  require_log2("the limit of an epsilon account", limit_log2);
  const Power power = power_of_two(limit_log2, Round::down);
  limit_.add(1, power.mantissa, power.exponent);
}

void EpsilonAccount::charge(double log2_epsilon_per_block, std::uint64_t blocks) {
  add(Charge::What::blocks, log2_epsilon_per_block, blocks);
}

void EpsilonAccount::charge_seed(double log2_epsilon, std::uint64_t seeds) {
  add(Charge::What::seed, log2_epsilon, seeds);
}

void EpsilonAccount::add(Charge::What what, double log2_epsilon, std::uint64_t count) {
  require_log2("an epsilon", log2_epsilon);
  const Power power = power_of_two(log2_epsilon, Round::up);
  const std::uint64_t counted = std::accumulate(charges_.begin(), charges_.end(), std::uint64_t{0},
                                                [](std::uint64_t all, const Charge& c) { return all + c.count; });
  if (count > std::numeric_limits<std::uint64_t>::max() - counted) {
    throw Error(Category::refused,
                fmt::format("epsilon account exhausted: {} + {} charges are more than 2^64 - 1", counted, count));
  }
  DyadicSum sum = total_;
  if (!sum.add(count, power.mantissa, power.exponent) || sum.above(limit_)) {
    throw Error(
        Category::refused,
        fmt::format("epsilon account exhausted: {} + {} x 2^{} would pass its limit of 2^{}; open a new account (a "
                    "new promise) or take a smaller epsilon per block",
                    std::isinf(total_log2()) ? "0" : fmt::format("2^{:.6g}", total_log2()), count, log2_epsilon,
                    limit_log2_));
  }
  const auto same = std::ranges::find_if(
      charges_, [&](const Charge& charge) { return charge.what == what && charge.log2_epsilon == log2_epsilon; });
  if (same == charges_.end()) {
    charges_.push_back({what, log2_epsilon, count});
  } else {
    same->count += count;
  }
  total_ = std::move(sum);
}

std::uint64_t EpsilonAccount::blocks() const noexcept {
  return std::accumulate(charges_.begin(), charges_.end(), std::uint64_t{0}, [](std::uint64_t sum, const Charge& c) {
    return c.what == Charge::What::blocks ? sum + c.count : sum;
  });
}

Json to_json(const EpsilonAccount& account) {
  Json charges = Json::array();
  for (const EpsilonAccount::Charge& charge : account.charges()) {
    charges.push_back({{"what", charge.what == EpsilonAccount::Charge::What::blocks ? "blocks" : "seed"},
                       {"log2_epsilon", charge.log2_epsilon},
                       {"count", charge.count}});
  }
  const double total = account.total_log2();
  return Json{{"rule", "sum of count * 2^log2_epsilon"},
              {"limit_log2", account.limit_log2()},
              {"total_log2", std::isinf(total) ? Json() : Json(total)},
              {"blocks", account.blocks()},
              {"charges", std::move(charges)}};
}

EpsilonAccount epsilon_account_from(const Json& json) try {
  EpsilonAccount account(json.at("limit_log2").get<double>());
  for (const Json& charge : json.at("charges")) {
    const auto what = charge.at("what").get<std::string>();
    const auto log2_epsilon = charge.at("log2_epsilon").get<double>();
    const auto count = charge.at("count").get<std::uint64_t>();
    if (what == "blocks") {
      account.charge(log2_epsilon, count);
    } else if (what == "seed") {
      account.charge_seed(log2_epsilon, count);
    } else {
      throw Error(Category::usage, fmt::format("unknown kind of charge in an epsilon account: {}", what));
    }
  }
  const Json recomputed = to_json(account);
  for (const char* member : {"total_log2", "blocks"}) {
    if (json.at(member) != recomputed.at(member)) {
      throw Error(Category::verdict, fmt::format("the epsilon account states {} = {}, but its charges give {}", member,
                                                 json.at(member).dump(), recomputed.at(member).dump()));
    }
  }
  return account;
} catch (const Json::exception& e) {
  throw Error(Category::usage, fmt::format("malformed epsilon account: {}", e.what()));
}

}  // namespace lightseed

// SPDX-License-Identifier: Apache-2.0
#include "cli/numbers.h"

#include <fmt/format.h>

#include <charconv>
#include <cmath>
#include <optional>
#include <string_view>

#include "core/error.h"

namespace lightseed::cli {
namespace {

constexpr std::uint64_t unlimited = std::numeric_limits<std::uint64_t>::max();

[[noreturn]] void refuse(const std::string& option, const std::string& text, const std::string& expected) {
  throw Error(Category::usage, fmt::format("--{} {}: expected {}", option, text, expected));
}

/// What the unit multiplies by; nothing when it is no unit.
std::optional<std::uint64_t> factor_of(std::string_view unit) {
  if (unit.empty()) return 1;
  const std::uint64_t base = unit.ends_with('i') ? 1024 : 1000;
  if (base == 1024) unit.remove_suffix(1);
  if (unit == "K" || unit == "k") return base;
  if (unit == "M") return base * base;
  if (unit == "G") return base * base * base;
  return std::nullopt;
}

std::optional<double> finite_number(std::string_view text) {
  double value = 0;
  const char* const end = text.data() + text.size();
  const auto [stopped, error] = std::from_chars(text.data(), end, value);
  if (error != std::errc{} || stopped != end || !std::isfinite(value)) return std::nullopt;
  return value;
}

bool contains(const NumberRange& range, double value) {
  return value <= range.most && (range.above_least ? value > range.least : value >= range.least);
}

}  // namespace

std::uint64_t parse_count(const std::string& option, const std::string& text, CountRange range) {
  std::uint64_t number = 0;
  const char* const end = text.data() + text.size();
  const auto [stopped, error] = std::from_chars(text.data(), end, number);
  const auto factor = factor_of({stopped, static_cast<std::size_t>(end - stopped)});
  if (error == std::errc{} && factor && number <= unlimited / *factor) {
    number *= *factor;
    if (number >= range.least && number <= range.most) return number;
  }
  if (range.most != unlimited) refuse(option, text, fmt::format("a count from {} to {}", range.least, range.most));
  refuse(option, text,
         fmt::format("a count{}, such as 1000, 64K, 16M or 4Ki", range.least > 0 ? " above 0" : " of 0 or more"));
}

double parse_number(const std::string& option, const std::string& text, NumberRange range) {
  const auto value = finite_number(text);
  if (value && contains(range, *value)) return *value;
  if (range.above_least) refuse(option, text, fmt::format("a number above {} and up to {}", range.least, range.most));
  refuse(option, text, fmt::format("a number from {} to {}", range.least, range.most));
}

double parse_log2_probability(const std::string& option, const std::string& text, NumberRange log2_range) {
  std::string_view digits = text;
  const bool power = digits.starts_with("2^");
  if (power) digits.remove_prefix(2);
  if (auto value = finite_number(digits); value && (power || *value > 0)) {
    const double log2 = power ? *value : std::log2(*value);
    if (contains(log2_range, log2)) return log2;
  }
  refuse(option, text,
         fmt::format("a probability from 2^{} to 2^{}, such as 2^-64 or 1e-20", log2_range.least, log2_range.most));
}

}  // namespace lightseed::cli

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <limits>
#include <string>

namespace lightseed::cli {

/// The one grammar of numbers, for every option of every verb. All functions throw Error(usage) that names the option,
/// the text and what is allowed; NaN, infinities, signs where none belong, and what overflows are no numbers.

/// Both ends belong to it.
struct CountRange {
  std::uint64_t least = 1;
  std::uint64_t most = std::numeric_limits<std::uint64_t>::max();
};

/// Both ends belong to it, unless `above_least`.
struct NumberRange {
  double least;
  double most;
  bool above_least = false;
};

/// A count with an optional unit: "1000", "64K", "16M", "1G" (powers of 1000) or "4Ki", "1Mi", "1Gi" (powers of 1024).
std::uint64_t parse_count(const std::string& option, const std::string& text, CountRange range = {});

/// A decimal number.
double parse_number(const std::string& option, const std::string& text, NumberRange range);

/// A probability as its base-2 logarithm: "2^-64" or "1e-20".
double parse_log2_probability(const std::string& option, const std::string& text, NumberRange log2_range);

}  // namespace lightseed::cli

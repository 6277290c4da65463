// SPDX-License-Identifier: Apache-2.0
#include "stats/gmt0005/parameters.h"

#include <fmt/format.h>

#include <string>

#include "core/error.h"

namespace lightseed::stats::gmt0005 {
namespace {

// Nobody of us has read the tables of the standards themselves, so no set is marked as verified.
constexpr std::string_view as_implemented = "as open implementations give GM/T 0005-2021 annex A";
constexpr std::string_view as_cited = "GB/T 32915-2016 B.1, as others cite it";

}  // namespace

const std::vector<Parameters>& parameter_sets() {
  static const std::vector<Parameters> all{
      {.profile = "2021",
       .least_bits = 20'000,
       .origin = as_implemented,
       .block_frequency = {1000},
       .poker = {4, 8},
       .overlapping = {3, 5},
       .derivation = {3, 7},
       .autocorrelation = {1, 2, 8, 16},
       .approximate_entropy = {2, 5},
       .linear_complexity = {500}},
      {.profile = "2021",
       .least_bits = 1'000'000,
       .origin = as_implemented,
       .block_frequency = {10'000},
       .poker = {4, 8},
       .overlapping = {3, 5},
       .derivation = {3, 7},
       .autocorrelation = {1, 2, 8, 16},
       .approximate_entropy = {2, 5},
       .linear_complexity = {500, 1000}},
      {.profile = "2021",
       .least_bits = 100'000'000,
       .origin = as_implemented,
       .block_frequency = {1'000'000},
       .poker = {4, 8},
       .overlapping = {3, 5, 7},
       .derivation = {3, 7, 15},
       .autocorrelation = {1, 2, 8, 16, 32},
       .approximate_entropy = {2, 5, 7},
       .linear_complexity = {5000}},
      {.profile = "2012",
       .least_bits = 1'000'000,
       .origin = as_cited,
       .block_frequency = {100},
       .poker = {4, 8},
       .overlapping = {2, 5},
       .derivation = {3, 7},
       .autocorrelation = {1, 2, 8, 16},
       .approximate_entropy = {2, 5},
       .linear_complexity = {500}},
  };
  return all;
}

const Parameters& parameters_for(std::string_view profile, std::uint64_t bits) {
  const Parameters* best = nullptr;
  std::string known;
  std::string_view last;
  for (const Parameters& set : parameter_sets()) {
    if (set.profile != last) known += fmt::format("{}{}", known.empty() ? "" : ", ", set.profile);
    last = set.profile;
    if (set.profile == profile && (best == nullptr || set.least_bits <= bits)) best = &set;
  }
  if (best != nullptr) return *best;
  throw Error(Category::usage, fmt::format("GM/T 0005 has no profile \"{}\"; there are {}", profile, known));
}

}  // namespace lightseed::stats::gmt0005

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

namespace lightseed::stats::gmt0005 {

/// Which parameters the tests take for sequences of so many bits or more.
struct Parameters {
  std::string_view profile;  ///< edition
  std::uint64_t least_bits = 0;
  bool verified = false;    ///< these figures were compared with the standard's own table
  std::string_view origin;  ///< where they were read
  std::vector<std::size_t> block_frequency{};
  std::vector<unsigned> poker{};
  std::vector<unsigned> overlapping{};
  std::vector<unsigned> derivation{};
  std::vector<std::size_t> autocorrelation{};
  std::vector<unsigned> approximate_entropy{};
  std::vector<std::size_t> linear_complexity{};
};

/// All sets, those of one profile in the order of their lengths. "2021": GM/T 0005-2021; "2012": its predecessor, with
/// the parameters that GB/T 32915-2016 kept.
const std::vector<Parameters>& parameter_sets();

/// The set of a profile for sequences of `bits`: the longest that they are enough for, or the shortest.
/// Throws Error(usage) for a profile that there is not.
const Parameters& parameters_for(std::string_view profile, std::uint64_t bits);

/// Of these sequences' tests, linear complexity, the spectrum and Maurer's are left out below a million bits.
inline constexpr std::uint64_t least_for_structure = 1'000'000;

// The standard's rounded constants.
inline constexpr std::array<double, 3> rank_probabilities{0.2888, 0.5776, 0.1336};
inline constexpr std::array<double, 7> linear_complexity_probabilities{0.010417, 0.03125, 0.125,   0.5,
                                                                       0.25,     0.0625,  0.020833};
inline constexpr std::array<double, 4> longest_run_8{0.2148, 0.3672, 0.2305, 0.1875};
inline constexpr std::array<double, 6> longest_run_128{0.1174, 0.2430, 0.2494, 0.1752, 0.1027, 0.1124};
inline constexpr std::array<double, 7> longest_run_10000{0.086632, 0.208201, 0.248419, 0.193913,
                                                         0.121458, 0.068011, 0.073366};

}  // namespace lightseed::stats::gmt0005

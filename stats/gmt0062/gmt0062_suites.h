// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>

#include "stats/audit/suite.h"

namespace lightseed::stats {

/// The test plans of GM/T 0062-2018 for modules of class E, as open implementations have them (Trisia's, Tongsuo's);
/// not compared with the standard's own text. Each is so many sequences, tests of GM/T 0005 and their rule of
/// proportion:
///
///   delivery   50 sequences of 10^6 bits, 15 tests; may be repeated once with fresh data
///   power-on   20 sequences of 10^6 bits, 15 tests
///   periodic   20 sequences of 20,000 bits, 12 tests: without linear complexity, Maurer's and the spectrum
///   single     poker alone, on every sequence of 128 bits or more: whatever is about to be used
inline constexpr std::uint64_t gmt0062_delivery_bits = 50'000'000;
inline constexpr std::uint64_t gmt0062_power_on_bits = 20'000'000;
inline constexpr std::uint64_t gmt0062_periodic_bits = 400'000;

std::unique_ptr<SuiteRun> begin_gmt0062_delivery(const SuiteOptions& options);
std::unique_ptr<SuiteRun> begin_gmt0062_power_on(const SuiteOptions& options);
std::unique_ptr<SuiteRun> begin_gmt0062_periodic(const SuiteOptions& options);
std::unique_ptr<SuiteRun> begin_gmt0062_single(const SuiteOptions& options);

/// Bits of a pattern that the poker test of a single use counts, for so many bits at hand.
unsigned gmt0062_poker_width(std::uint64_t bits) noexcept;

}  // namespace lightseed::stats

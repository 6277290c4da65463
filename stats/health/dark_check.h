// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "evidence/health_record.h"

namespace lightseed::health {

/// Samples of one look at a source in the dark.
inline constexpr std::size_t dark_samples = std::size_t{1} << 20;
/// Between two looks so many samples may be used.
inline constexpr std::uint64_t least_dark_interval = std::uint64_t{1} << 20,
                               most_dark_interval = std::uint64_t{1} << 48;

/// What a source without its light was measured to be when it was well: a calibration's dark level. Codes are the unit;
/// its samples do not depend on each other, for a calibration refuses dark noise that does.
struct DarkLaw {
  double samples = 0;  ///< it was measured on
  double mean = 0;
  double variance = 0;
  double fourth = 0;  ///< central moment
  double lit_variance = 0;
};

/// A look at the source in the dark, every so often.
///
/// Two faults leave all codes of a lit source as they were and take its quantum noise: gain control that hides a lost
/// laser, and a hum too faint for any monitor. Without its light the source has neither quantum noise nor the gain that
/// its electronics had when it was calibrated: a block that is as noisy as the lit one tells that what makes the codes
/// is no light, and a hum stands out of a noise that is ten times weaker.
///
/// Three numbers are made of each look, and each is a test of its own on record:
///
///   dark-mean      mean of the codes
///   dark-variance  their variance
///   dark-line      the strongest of 2,047 frequencies below 1/512 of the sampling rate, as a part of its limit
///
/// For the last one samples are added up 256 at a time; of independent ones the power at a frequency is exponential.
///
/// Mean and variance may be off by 8 standard deviations, of the look and of the calibration: Gauss's tail for 2^-32
/// asks for 6.4, and what is more is for laws that are not Gauss's. A law of which that would not be enough – rare
/// codes, far away – has no limits, and neither has one whose limit reaches to the lit source's variance.
class DarkCheck {
 public:
  /// Throws Error(refused) where the law gives no limits that mean anything.
  explicit DarkCheck(const DarkLaw& law);

  /// What is wrong: the test, and words.
  struct Failure {
    std::string test;
    std::string words;
  };

  /// Judges a look, dark_samples of them; `used` is how many samples have been used since the one before.
  [[nodiscard]] std::optional<Failure> judge(std::span<const std::uint16_t> samples, std::uint64_t used);

  /// The three tests: limits, and the readings of the looks that passed.
  [[nodiscard]] std::vector<HealthTestRecord> records() const;

 private:
  struct Reading {
    std::string_view id, what;
    double low = 0, high = 0;
    double lowest = 0, highest = 0, last = 0;
  };

  double mean_, unit_;  ///< `unit_`: what the power of a line is a part of
  Reading readings_[3];
  std::uint64_t checks_ = 0, longest_ = 0;
};

/// The record is of one of the three.
bool is_dark_check(std::string_view id);

/// How often the source was looked at in the dark; 0 where nobody did. Throws Error(malformed).
std::uint64_t dark_checks_in(std::span<const HealthTestRecord> tests);

/// Looks between samples that were used: all but the first and the last. Each is followed by a start-up test.
std::uint64_t interrupting_dark_checks_in(std::span<const HealthTestRecord> tests);

/// What is wrong with the three records of a run that is over and was well: one is missing, limits that do not follow
/// from the law, readings outside of them, or more than `every` samples between two looks. `admitted` samples were
/// used. One sentence a fault.
std::vector<std::string> faults_of_dark_checks(std::span<const HealthTestRecord> tests, const DarkLaw& law,
                                               std::uint64_t every, std::uint64_t admitted);

}  // namespace lightseed::health

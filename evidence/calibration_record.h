// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/json.h"
#include "core/provenance.h"
#include "core/sample_format.h"
#include "evidence/min_entropy.h"
#include "evidence/object_reader.h"

namespace lightseed {

/// Longer no calibration is valid.
inline constexpr std::chrono::seconds longest_validity{366 * 86400};

inline constexpr std::string_view calibration_schema = "urn:lightseed:calibration/v1";
inline constexpr std::size_t calibration_lags = 32;

/// Which unit was calibrated, and how it was set.
struct CalibratedDevice {
  std::string driver, model, serial, firmware;
  Provenance provenance = Provenance::simulated;
  SampleFormat format;
  Json settings = Json::object();  ///< what its samples depend on: no seed, no socket it is plugged into

  friend bool operator==(const CalibratedDevice&, const CalibratedDevice&) = default;
};

/// What a source's photodiode read at one power of the light, in its own unit.
struct CalibrationPowerReading {
  std::uint64_t readings = 0;
  double mean = 0;
  double deviation = 0;  ///< standard, of one reading

  friend bool operator==(const CalibrationPowerReading&, const CalibrationPowerReading&) = default;
};

/// What was measured at one power of the light. Codes are the unit.
struct CalibrationLevel {
  double power = 0;  ///< of the light, as a part of its usual power; 0 is dark
  std::uint64_t samples = 0;
  double mean = 0;
  double fourth = 0;                                          ///< fourth central moment
  double ends = 0;                                            ///< share of the two end codes
  std::array<double, calibration_lags + 1> autocovariance{};  ///< of lags 0 to 32; lag 0 is the variance
  std::optional<CalibrationPowerReading> optical_power{};     ///< nothing: no photodiode watched the light
};

/// A fitted parameter with one standard deviation of its error.
struct CalibrationParameter {
  std::string name;  ///< "electronic_noise"
  double value = 0;
  double error = 0;
  std::string unit;  ///< "codes^2"
};

/// The limits of one health monitor.
struct CalibrationLimit {
  std::string monitor;
  double low = 0, high = 0, alpha_log2 = 0;

  friend bool operator==(const CalibrationLimit&, const CalibrationLimit&) = default;
};

/// What healthy samples look like, as monitors want it (stats/health/reference.h).
struct CalibrationReference {
  std::uint64_t samples = 0;
  double memory = 1;
  std::vector<std::uint64_t> counts;  ///< of each code
  std::vector<double> correlation;    ///< of lags 1 to 32
  std::vector<double> spectrum;       ///< at frequencies k / 4096
};

/// A calibration of one unit: what was measured, what was fitted, and what follows. All that follows can be computed
/// again from levels and reference.
struct CalibrationRecord {
  CalibratedDevice device;
  std::string created, valid_until;  ///< RFC 3339, UTC
  std::string software;              ///< version that made it
  std::string noise;                 ///< how noise comes with light: "balanced" or "counted"
  double bound = 6;                  ///< standard deviations of the parameters' errors that the claim allows for
  std::vector<CalibrationLevel> levels;
  std::vector<CalibrationParameter> parameters;
  double misfit = 0;          ///< chi squared of the fit
  std::uint64_t freedom = 0;  ///< its degrees of freedom
  MinEntropy claim;
  CalibrationReference reference;
  std::vector<CalibrationLimit> monitors;
  Json status = Json::object();  ///< the device's own readings then, temperature among them
};

Json to_json(const CalibrationRecord& record);

/// Takes all members. Throws Error(malformed) naming the member.
CalibrationRecord calibration_record_from(ObjectReader reader);

/// How a source that rests on a calibration is looked at in the dark while it is used, and what the calibration
/// measured there: the limits of the check follow from it (stats/health/dark_check.h). Codes are the unit.
struct DarkCheckUse {
  std::uint64_t every = 0;    ///< samples that may be used between two looks
  std::uint64_t samples = 0;  ///< of the calibration's dark level
  double mean = 0, variance = 0, fourth = 0;
  double lit_variance = 0;  ///< of its lit level

  friend bool operator==(const DarkCheckUse&, const DarkCheckUse&) = default;
};

/// What a source's claim says of the calibration it rests on: member `calibration` of its details.
struct CalibrationUse {
  std::string sha256;                ///< of the calibration's file
  std::string created, valid_until;  ///< RFC 3339, UTC
  std::string used;                  ///< when the run opened it: its age is the difference
  std::string signer;                ///< who signed it, or "nobody"
  double bits_per_sample = 0;        ///< its claim
  std::vector<CalibrationLimit> monitors;
  std::optional<DarkCheckUse> dark_check{};  ///< nothing: nobody looked at the source in the dark
};

Json to_json(const CalibrationUse& use);
CalibrationUse calibration_use_from(ObjectReader reader);

}  // namespace lightseed

// SPDX-License-Identifier: Apache-2.0
#include "stats/calibration/conclusion.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "core/error.h"
#include "evidence/faults.h"
#include "stats/calibration/noise_law.h"
#include "stats/health/monitors/monitors.h"

namespace lightseed::calibration {
namespace {

/// Sums of floating-point numbers differ a little from machine to machine.
bool same(double a, double b) {
  return std::abs(a - b) <= 1e-6 * std::max({1e-3, std::abs(a), std::abs(b)});
}

void require_levels(const CalibrationRecord& record) {
  const auto& levels = record.levels;
  const auto refuse = [](const char* why) { throw Error(Category::malformed, fmt::format("levels: {}", why)); };
  if (levels.size() < 6) refuse("a dark one and five powers at least");
  if (levels.front().power != 0 || levels.back().power != 1) refuse("they go from dark, 0, to the usual power, 1");
  for (std::size_t i = 0; i < levels.size(); ++i) {
    if (i > 0 && !(levels[i].power > levels[i - 1].power)) refuse("their powers do not rise");
    if (!(levels[i].autocovariance[0] > 0)) refuse("one has no noise at all");
    if (levels[i].optical_power.has_value() != levels[0].optical_power.has_value())
      refuse("the optical power was read at some and not at others");
  }
}

/// A photodiode that reads the same in the dark tells nothing.
void require_power_meter(const CalibrationRecord& record) {
  const auto law = optical_power_of(record);
  if (!law) return;
  const health::Range range = health::optical_power_range(*law);
  const double dark = record.levels.front().optical_power->mean;
  if (dark >= range.low && dark <= range.high) {
    throw Error(Category::verdict, fmt::format("the optical power is {:.6g} in the dark, and from {:.6g} to {:.6g} are "
                                               "expected of the lit source: its readings would tell nothing",
                                               dark, range.low, range.high));
  }
}

CalibrationLimit limit_of(const HealthTestRecord& test) {
  ObjectReader readings(test.readings, test.id);
  const double low = readings.number("low");
  return {test.id, low, readings.number("high"), test.alpha_log2.value_or(0)};
}

}  // namespace

std::optional<health::OpticalPowerLaw> optical_power_of(const CalibrationRecord& record) {
  const auto& lit = record.levels.back().optical_power;
  if (!lit) return std::nullopt;
  return health::OpticalPowerLaw{
      .mean = lit->mean, .deviation = lit->deviation, .readings = static_cast<double>(lit->readings)};
}

health::Reference reference_of(const CalibrationRecord& record) {
  const CalibrationReference& stored = record.reference;
  health::Reference reference{.law = {},
                              .claim = record.claim.bits_per_sample,
                              .measured_on = static_cast<double>(stored.samples),
                              .memory = stored.memory,
                              .correlation = stored.correlation,
                              .spectrum = stored.spectrum};
  for (const std::uint64_t count : stored.counts)
    reference.law.push_back(static_cast<double>(count) / reference.measured_on);
  return reference;
}

CalibrationReference stored_reference(const health::Reference& reference) {
  CalibrationReference stored{.samples = static_cast<std::uint64_t>(reference.measured_on),
                              .memory = reference.memory,
                              .counts = {},
                              .correlation = reference.correlation,
                              .spectrum = reference.spectrum};
  for (const double p : reference.law)
    stored.counts.push_back(static_cast<std::uint64_t>(std::llround(p * reference.measured_on)));
  return stored;
}

std::vector<CalibrationLimit> limits_of(const CalibrationRecord& record) {
  std::vector<CalibrationLimit> limits;
  for (const auto& monitor : health::model_monitors(reference_of(record)))
    limits.push_back(limit_of(monitor->record()));
  if (const auto law = optical_power_of(record))
    limits.push_back(limit_of(health::optical_power_monitor(*law, {})->record()));
  return limits;
}

void conclude(CalibrationRecord& record) {
  require_levels(record);
  if (record.noise == "balanced") {
    conclude_balanced(record);
  } else if (record.noise == "counted") {
    conclude_counted(record);
  } else {
    throw Error(Category::malformed, fmt::format("noise: {:.40} is no law of noise", record.noise));
  }
  if (!(record.claim.bits_per_sample > 0))
    throw Error(Category::verdict, "nothing can be claimed: what is new in a sample is too little");
  require_power_meter(record);
  record.monitors = limits_of(record);
}

namespace {

/// The reference was made of the samples of the last level.
bool is_of_lit(const CalibrationReference& reference, const health::Reference& law, const CalibrationLevel& lit) {
  constexpr double of_floats = 1e-4;
  bool fits = reference.samples == lit.samples && same(health::mean_of(law), lit.mean) &&
              same(health::variance_of(law), lit.autocovariance[0]);
  for (std::size_t lag = 1; fits && lag <= calibration_lags; ++lag)
    fits = std::abs(reference.correlation[lag - 1] - lit.autocovariance[lag] / lit.autocovariance[0]) < of_floats;
  return fits;
}

}  // namespace

std::vector<std::string> faults_of(const CalibrationRecord& record) try {
  CalibrationRecord again = record;
  conclude(again);
  Faults faults;
  faults.unless(same(again.claim.bits_per_sample, record.claim.bits_per_sample),
                "{} bits are claimed, and {} follow from the levels", record.claim.bits_per_sample,
                again.claim.bits_per_sample);
  faults.unless(again.claim.method == record.claim.method && again.claim.assumptions == record.claim.assumptions &&
                    record.claim.basis == MinEntropy::Basis::modelled,
                "what the claim rests on is not said as it should be");
  bool fits = again.parameters.size() == record.parameters.size();
  for (std::size_t i = 0; fits && i < again.parameters.size(); ++i) {
    const auto &a = again.parameters[i], &b = record.parameters[i];
    fits = a.name == b.name && a.unit == b.unit && same(a.value, b.value) && same(a.error, b.error);
  }
  faults.unless(fits && same(again.misfit, record.misfit) && again.freedom == record.freedom,
                "the parameters do not follow from the levels");
  // A calibration of before has no limits of what came later.
  const auto youngest = [](const CalibrationLimit& limit) { return limit.monitor == health::youngest_monitor; };
  if (std::none_of(record.monitors.begin(), record.monitors.end(), youngest)) std::erase_if(again.monitors, youngest);
  bool limits = again.monitors.size() == record.monitors.size();
  for (std::size_t i = 0; limits && i < again.monitors.size(); ++i) {
    const auto &a = again.monitors[i], &b = record.monitors[i];
    limits = a.monitor == b.monitor && same(a.low, b.low) && same(a.high, b.high) && a.alpha_log2 == b.alpha_log2;
  }
  faults.unless(is_of_lit(record.reference, reference_of(record), record.levels.back()),
                "the reference is not of the samples that were lit");
  faults.unless(limits, "the monitors' limits do not follow from the reference");
  return faults.take();
} catch (const Error& error) {
  return {error.what()};
}

}  // namespace lightseed::calibration

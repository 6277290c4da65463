// SPDX-License-Identifier: Apache-2.0
#include "pipeline/calibrated_source.h"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>
#include <utility>

#include "core/clock.h"
#include "core/error.h"
#include "core/hex.h"
#include "driver/optical_power.h"
#include "evidence/faults.h"
#include "pipeline/calibrate.h"
#include "stats/calibration/conclusion.h"
#include "stats/health/monitors/monitors.h"

namespace lightseed {
namespace {

constexpr const char* member = "calibration";

void check_limits(const CalibrationUse& use, const std::vector<HealthTestRecord>& tests, Faults& faults) {
  std::vector<CalibrationLimit> seen;
  for (const HealthTestRecord& test : tests) {
    if (!health::is_model_monitor(test.id) && test.id != health::optical_power_monitor_id) continue;
    ObjectReader readings(test.readings, test.id);
    const double low = readings.number("low");
    seen.push_back({test.id, low, readings.number("high"), test.alpha_log2.value_or(0)});
  }
  faults.unless(seen == use.monitors, "the monitors at the gate, or their limits, are not those of the calibration");
}

DarkCheckUse dark_use(const CalibrationRecord& record, std::uint64_t every) {
  const CalibrationLevel &dark = record.levels.front(), &lit = record.levels.back();
  return {.every = every,
          .samples = dark.samples,
          .mean = dark.mean,
          .variance = dark.autocovariance[0],
          .fourth = dark.fourth,
          .lit_variance = lit.autocovariance[0]};
}

health::DarkLaw law_of(const DarkCheckUse& use) {
  return {.samples = static_cast<double>(use.samples),
          .mean = use.mean,
          .variance = use.variance,
          .fourth = use.fourth,
          .lit_variance = use.lit_variance};
}

/// Looks in the dark are on record where the claim says so, and nowhere else.
void check_dark(const std::optional<DarkCheckUse>& use, const HealthRecord& health, Faults& faults) {
  const bool on_record = std::any_of(health.tests.begin(), health.tests.end(),
                                     [](const HealthTestRecord& test) { return health::is_dark_check(test.id); });
  if (!faults.unless(use.has_value() == on_record, "looks in the dark are on record in one place and not in the other"))
    return;
  if (use) faults.add(health::faults_of_dark_checks(health.tests, law_of(*use), use->every, health.samples_admitted));
}

}  // namespace

CalibratedSource::CalibratedSource(std::unique_ptr<Source> source, Calibration calibration, std::time_t now,
                                   std::uint64_t dark_check)
    : source_(std::move(source)), calibration_(std::move(calibration)), info_(source_->info()) {
  require_calibration_of(calibration_, calibrated_device(*source_), info_.uri, now);
  const CalibrationRecord& record = calibration_.record;
  if (calibration::optical_power_of(record) && optical_power_meter_of(*source_) == nullptr) {
    throw Error(Category::refused, fmt::format("calibration {}: a photodiode watched the light of {} then, and now "
                                               "there is none",
                                               calibration_.path, info_.uri));
  }
  if (dark_check > 0) {
    if (dark_check < health::least_dark_interval || dark_check > health::most_dark_interval) {
      throw Error(Category::usage,
                  fmt::format("{}: a look in the dark every {} samples; expected from {} to {}", info_.uri, dark_check,
                              health::least_dark_interval, health::most_dark_interval));
    }
    dark_ = dark_use(record, dark_check);
    try {
      static_cast<void>(health::DarkCheck(law_of(*dark_)));
    } catch (const Error& error) {
      throw Error(error.category(), fmt::format("calibration {}: {}", calibration_.path, error.what()));
    }
  }
  const double own = info_.claim.bits_per_sample;
  info_.claim = record.claim;
  if (own > 0) info_.claim.bits_per_sample = std::min(own, record.claim.bits_per_sample);
  if (info_.provenance == Provenance::simulated) {
    info_.claim.assumptions.insert(info_.claim.assumptions.begin(),
                                   "simulated: the samples hold no entropy beyond the simulator's seed; the number is "
                                   "what a device of this calibration would have");
  }
  info_.claim.details[member] = to_json(CalibrationUse{.sha256 = calibration_.sha256,
                                                       .created = record.created,
                                                       .valid_until = record.valid_until,
                                                       .used = utc_text(now),
                                                       .signer = calibration_.signer,
                                                       .bits_per_sample = record.claim.bits_per_sample,
                                                       .monitors = calibration::limits_of(record),
                                                       .dark_check = dark_});
}

std::optional<DarkChecked::Order> CalibratedSource::dark_check() {
  if (!dark_) return std::nullopt;
  // calibrated_device() has found that there is one.
  return Order{.light = dynamic_cast<SwitchableLight*>(source_.get()), .every = dark_->every, .law = law_of(*dark_)};
}

std::vector<std::unique_ptr<health::HealthTest>> CalibratedSource::make_health_tests() {
  auto tests = health::model_monitors(calibration::reference_of(calibration_.record));
  if (const auto law = calibration::optical_power_of(calibration_.record)) {
    OpticalPowerMeter* const meter = optical_power_meter_of(*source_);
    tests.push_back(health::optical_power_monitor(*law, [meter] { return meter->optical_power(); }));
  }
  return tests;
}

std::optional<ModelLaw> CalibratedSource::law() const {
  const health::Reference reference = calibration::reference_of(calibration_.record);
  return ModelLaw{.shares = reference.law, .counted_on = reference.measured_on};
}

bool is_calibrated(const SourceInfo& source) {
  return source.claim.details.contains(member);
}

std::vector<std::string> calibration_faults(const SourceInfo& source, const HealthRecord& health,
                                            const std::string& started) try {
  Faults faults;
  if (!is_calibrated(source)) {
    check_dark(std::nullopt, health, faults);
    return faults.take();
  }
  ObjectReader details(source.claim.details, "source.claim.details");
  const CalibrationUse use = calibration_use_from(details.object(member));
  const auto digest = from_hex(use.sha256);
  faults.unless(digest && digest->size() == 32, "the calibration's digest is no SHA-256");
  faults.unless(source.claim.basis == MinEntropy::Basis::modelled && source.claim.bits_per_sample > 0 &&
                    source.claim.bits_per_sample <= use.bits_per_sample,
                "{} bits are claimed by a calibration that has {}", source.claim.bits_per_sample, use.bits_per_sample);
  const auto created = moment_from(use.created), until = moment_from(use.valid_until), used = moment_from(use.used);
  const auto began = moment_from(started);
  if (faults.unless(created && until && used && began, "the calibration's dates are none")) {
    faults.unless(*created <= *used && *used < *until, "the calibration was valid from {} to {}, and it was used at {}",
                  use.created, use.valid_until, use.used);
    faults.unless(*used <= *began, "the calibration was looked at at {}, after the run had begun", use.used);
    faults.unless(*began < *until, "the calibration had expired when the run began at {}", started);
  }
  check_limits(use, health.tests, faults);
  check_dark(use.dark_check, health, faults);
  return faults.take();
} catch (const Error& error) {
  return {error.what()};
}

}  // namespace lightseed

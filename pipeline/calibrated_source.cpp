// SPDX-License-Identifier: Apache-2.0
#include "pipeline/calibrated_source.h"

#include <algorithm>
#include <string_view>
#include <utility>

#include "core/clock.h"
#include "core/error.h"
#include "core/hex.h"
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
    if (!health::is_model_monitor(test.id)) continue;
    ObjectReader readings(test.readings, test.id);
    const double low = readings.number("low");
    seen.push_back({test.id, low, readings.number("high"), test.alpha_log2.value_or(0)});
  }
  faults.unless(seen == use.monitors, "the monitors at the gate, or their limits, are not those of the calibration");
}

}  // namespace

CalibratedSource::CalibratedSource(std::unique_ptr<Source> source, Calibration calibration, std::time_t now)
    : source_(std::move(source)), calibration_(std::move(calibration)), info_(source_->info()) {
  require_calibration_of(calibration_, calibrated_device(*source_), info_.uri, now);
  const CalibrationRecord& record = calibration_.record;
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
                                                       .monitors = calibration::limits_of(record)});
}

std::vector<std::unique_ptr<health::HealthTest>> CalibratedSource::make_health_tests() {
  return health::model_monitors(calibration::reference_of(calibration_.record));
}

std::optional<ModelLaw> CalibratedSource::law() const {
  const health::Reference reference = calibration::reference_of(calibration_.record);
  return ModelLaw{.shares = reference.law, .counted_on = reference.measured_on};
}

bool is_calibrated(const SourceInfo& source) {
  return source.claim.details.contains(member);
}

std::vector<std::string> calibration_faults(const SourceInfo& source, const std::vector<HealthTestRecord>& tests,
                                            const std::string& started) try {
  if (!is_calibrated(source)) return {};
  Faults faults;
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
  check_limits(use, tests, faults);
  return faults.take();
} catch (const Error& error) {
  return {error.what()};
}

}  // namespace lightseed

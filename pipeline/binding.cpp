// SPDX-License-Identifier: Apache-2.0
#include "pipeline/binding.h"

#include <fmt/format.h>

#include <algorithm>

#include "core/error.h"
#include "evidence/faults.h"
#include "pipeline/calibrated_source.h"

namespace lightseed {
namespace {

bool high_enough(const MinEntropy& measured, const SourceInfo& source) {
  return measured.bits_per_sample >= least_measured_part * source.claim.bits_per_sample;
}

bool without_alarm(const GateRecord& gate) {
  return gate.members.empty() && gate.health.alarms.empty();
}

}  // namespace

void require_calibrated(const SourceInfo& source) {
  if (is_calibrated(source)) return;
  throw Error(
      Category::usage,
      fmt::format("{}: only a claim that rests on a calibration can bind in place of the measurement", source.uri));
}

BindingRecord calibrated_binding(const SourceInfo& source, const MinEntropy& measured, const GateRecord& gate) {
  require_calibrated(source);
  if (!high_enough(measured, source)) {
    throw Error(Category::verdict,
                fmt::format("{}: {:.4f} bits a sample were measured, less than half of the {:.4f} that its calibration "
                            "claims: the calibration cannot bind",
                            source.uri, measured.bits_per_sample, source.claim.bits_per_sample));
  }
  if (!without_alarm(gate))
    throw Error(Category::health,
                fmt::format("{}: its gate has raised an alarm: the calibration cannot bind", source.uri));
  return {.binds = std::string(calibrated_model_binds),
          .why = reason_for_calibrated_model(source.claim.bits_per_sample, measured.bits_per_sample)};
}

std::vector<std::string> binding_faults(const RunRecord& record) {
  const double claimed = record.source.claim.bits_per_sample, measured = record.measured.bits_per_sample;
  const double used = record.extraction.bits_per_sample;
  Faults faults;
  if (!record.binding) {
    faults.unless(
        used == std::min(claimed, measured),
        "the extraction counts on {} bits a sample, not on the lower of the model's {} and the measurement's {}", used,
        claimed, measured);
    return faults.take();
  }
  faults.unless(record.binding->binds == calibrated_model_binds, "{:.60} is nothing that can bind",
                record.binding->binds);
  faults.unless(is_calibrated(record.source), "a calibrated model binds, and no calibration is on record");
  faults.unless(used == claimed, "the extraction counts on {} bits a sample, not on the calibrated model's {}", used,
                claimed);
  faults.unless(high_enough(record.measured, record.source),
                "a calibrated model of {} bits binds, and less than half of it was measured: {}", claimed, measured);
  faults.unless(without_alarm(record.gate), "a calibrated model binds, and its gate has raised an alarm");
  faults.unless(record.binding->why == reason_for_calibrated_model(claimed, measured),
                "why the calibrated model binds is not said as it should be");
  return faults.take();
}

}  // namespace lightseed

// SPDX-License-Identifier: Apache-2.0
#include "pipeline/calibrate.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "core/clock.h"
#include "core/error.h"
#include "core/secret_bytes.h"
#include "core/version.h"
#include "driver/optical_power.h"
#include "driver/switchable_light.h"
#include "pipeline/gated_flow.h"
#include "pipeline/switched_light.h"
#include "stats/calibration/conclusion.h"
#include "stats/calibration/level.h"
#include "stats/health/measured_reference.h"

namespace lightseed {
namespace {

using namespace std::chrono_literals;

/// A dark level and six powers: three parameters are fitted, and four points are left to see whether they fit.
constexpr std::array<double, 7> powers{0, 0.25, 0.4, 0.55, 0.7, 0.85, 1};
constexpr std::uint64_t least_samples = std::uint64_t{1} << 19, most_samples = std::uint64_t{1} << 28;
constexpr std::size_t piece_bytes = 64 * 1024;
constexpr unsigned silent_reads = 10;
/// A reading of the optical power comes after so many samples: 128 of the shortest level.
constexpr std::size_t samples_a_reading = 4096;

const char* name_of_noise(LightNoise noise) {
  return noise == LightNoise::balanced ? "balanced" : "counted";
}

const SwitchableLight& switchable(const Source& source) {
  const auto* const light = dynamic_cast<const SwitchableLight*>(&source);
  if (light != nullptr && light->light_noise()) return *light;
  throw Error(
      Category::usage,
      fmt::format("{}: {}, so that nobody can tell its light's noise from the rest, and it cannot be calibrated",
                  source.info().uri,
                  light == nullptr ? "its light cannot be switched"
                                   : "as it is set, its light cannot be switched, or how its noise grows with "
                                     "the light is none of the laws that are fitted"));
}

class Procedure {
 public:
  Procedure(Source& source, const CalibrationPlan& plan)
      : source_(source),
        plan_(plan),
        format_(source.info().format),
        meter_(optical_power_meter_of(source)),
        piece_bytes_(meter_ == nullptr ? piece_bytes : format_.bytes_for(samples_a_reading)) {}

  /// So many samples at one power, after a start of their own.
  std::vector<std::uint16_t> take(SwitchedLight& light, double power) {
    light.set(power);
    readings_.clear();
    source_.start({.stop = plan_.stop});
    std::vector<std::uint16_t> samples(plan_.samples);
    SecretBytes raw(piece_bytes_);
    std::uint64_t done = 0;
    unsigned silent = 0;
    while (done < plan_.samples) {
      const std::size_t wanted = std::min<std::uint64_t>(raw.size(), format_.bytes_for(plan_.samples - done));
      const Read read = source_.read(raw.bytes().first(wanted), Patience{.stop = plan_.stop}.within(1s));
      const std::uint64_t came = std::min<std::uint64_t>(format_.samples_in(read.bytes), plan_.samples - done);
      unpack(raw.bytes().first(read.bytes), format_, std::span(samples).subspan(done, came));
      done += came;
      silent = came > 0 ? 0 : silent + 1;
      if (meter_ != nullptr && came > 0) readings_.push_back(meter_->optical_power());
      plan_.progress(taken_ + done, plan_.samples * powers.size());
      if (read.state == ReadState::ok || (read.state == ReadState::timeout && silent < silent_reads)) continue;
      // A level with a gap in it is none.
      if (done < plan_.samples) fail(read, power);
    }
    taken_ += done;
    source_.stop();
    return samples;
  }

  /// Of the level that was taken last; nothing where no photodiode watches.
  [[nodiscard]] std::optional<CalibrationPowerReading> optical_power() const {
    if (readings_.empty()) return std::nullopt;
    const auto count = static_cast<double>(readings_.size());
    double sum = 0, squares = 0;
    for (const double reading : readings_) {
      if (!std::isfinite(reading)) {
        throw Error(
            Category::device,
            fmt::format("{}: a reading of its optical power did not come; nothing was calibrated", source_.info().uri));
      }
      sum += reading;
    }
    const double mean = sum / count;
    for (const double reading : readings_)
      squares += (reading - mean) * (reading - mean);
    return CalibrationPowerReading{
        .readings = readings_.size(), .mean = mean, .deviation = std::sqrt(squares / std::max(1.0, count - 1))};
  }

 private:
  Source& source_;
  const CalibrationPlan& plan_;
  SampleFormat format_;
  OpticalPowerMeter* meter_;  ///< nothing: there is none
  std::size_t piece_bytes_;
  std::vector<double> readings_;
  std::uint64_t taken_ = 0;

  [[noreturn]] void fail(const Read& read, double power) {
    source_.stop();
    if (read.state == ReadState::stopped) throw Error(Category::interrupted, "interrupted");
    const Category category = read.state == ReadState::restarted ? Category::device : category_of(read.state);
    throw Error(category, fmt::format("{}: {} at {} of its usual light: {}; nothing was calibrated", source_.info().uri,
                                      name_of(read.state), power, read.detail));
  }
};

void require_plan(const CalibrationPlan& plan) {
  if (plan.samples < least_samples || plan.samples > most_samples) {
    throw Error(Category::usage, fmt::format("{} samples at each power; expected from {} to {}", plan.samples,
                                             least_samples, most_samples));
  }
  if (plan.valid_for < 1s || plan.valid_for > longest_validity)
    throw Error(Category::usage, "a calibration is valid for a second at least, and a year at most");
}

}  // namespace

CalibratedDevice calibrated_device(const Source& source) {
  const SourceInfo& info = source.info();
  return {.driver = info.driver,
          .model = info.model,
          .serial = info.serial,
          .firmware = info.firmware,
          .provenance = info.provenance,
          .format = info.format,
          .settings = switchable(source).calibrated_settings()};
}

CalibrationRecord calibrate(Source& source, const CalibrationPlan& plan) {
  require_plan(plan);
  CalibrationRecord record;
  record.device = calibrated_device(source);
  auto& switchable_light = dynamic_cast<SwitchableLight&>(source);
  record.created = utc_text(plan.now);
  record.valid_until = utc_text(plan.now + plan.valid_for.count());
  record.software = std::string(version());
  record.noise = name_of_noise(*switchable_light.light_noise());
  record.bound = plan.bound;
  SwitchedLight light(switchable_light);
  Procedure procedure(source, plan);
  const unsigned bits = record.device.format.bits;
  for (const double power : powers) {
    const auto samples = procedure.take(light, power);
    record.levels.push_back(calibration::level_of(samples, bits, power));
    record.levels.back().optical_power = procedure.optical_power();
    if (power >= 1) {
      record.status = source.status();
      record.reference = calibration::stored_reference(health::measured_reference(samples, bits, 1));
    }
  }
  try {
    calibration::conclude(record);
  } catch (const Error& error) {
    throw Error(error.category(), fmt::format("{}: {}", source.info().uri, error.what()));
  }
  return record;
}

}  // namespace lightseed

// SPDX-License-Identifier: Apache-2.0
#include "stats/health/monitors/optical_power.h"

#include <boost/math/distributions/chi_squared.hpp>
#include <cmath>
#include <numbers>
#include <utility>

#include "core/error.h"
#include "evidence/faults.h"
#include "evidence/object_reader.h"
#include "stats/health/block_monitor.h"

namespace lightseed::health {
namespace {

constexpr double optical_alpha_log2 = -32;

/// The light itself, seen by a photodiode: the one number at the gate that is not made of samples. Behind gain control
/// a lost laser leaves all codes as they were (`agc_mask`), and only this tells.
class OpticalPowerMonitor final : public BlockMonitor {
 public:
  OpticalPowerMonitor(Settings settings, std::function<double()> read)
      : BlockMonitor(std::move(settings)), read_(std::move(read)) {}

 protected:
  void add(std::span<const std::uint8_t>) override {}
  void add(std::span<const std::uint16_t>) override {}
  double measure() override { return read_(); }
  void forget() override {}

 private:
  std::function<double()> read_;
};

}  // namespace

/// Readings are Gaussian and independent. The deviation is taken as large as it may be: were it larger, the one that
/// was measured would have come with 2^-32 (chi squared); and the mean is allowed eight deviations of its own error, as
/// a measured law is everywhere here.
Range optical_power_range(const OpticalPowerLaw& law) {
  if (!(std::isfinite(law.mean) && std::isfinite(law.deviation) && law.deviation > 0)) {
    throw Error(Category::malformed,
                "the readings of optical power are all alike, so that nobody can say how far off is too far");
  }
  const double reach = std::sqrt(2 * (1 - optical_alpha_log2) * std::numbers::ln2);  // for both sides
  if (law.readings == 0) return {law.mean - reach * law.deviation, law.mean + reach * law.deviation};
  if (law.readings < static_cast<double>(least_power_readings))
    throw Error(Category::malformed, "there are too few readings of optical power to set limits");
  const double freedom = law.readings - 1;
  const double least =
      boost::math::quantile(boost::math::chi_squared(freedom), std::exp2(optical_alpha_log2)) / freedom;
  const double deviation = law.deviation / std::sqrt(least);
  const double error = deviation * (reach + 8 / std::sqrt(law.readings));
  return {law.mean - error, law.mean + error};
}

std::unique_ptr<HealthTest> optical_power_monitor(const OpticalPowerLaw& law, std::function<double()> read) {
  const Range range = optical_power_range(law);
  return std::make_unique<OpticalPowerMonitor>(BlockMonitor::Settings{.id = std::string(optical_power_monitor_id),
                                                                      .what = "the optical power",
                                                                      .low = range.low,
                                                                      .high = range.high,
                                                                      .alpha_log2 = optical_alpha_log2},
                                               std::move(read));
}

std::vector<std::string> faults_of_optical_power_monitor(const HealthTestRecord& record) {
  Faults faults;
  faults.unless(record.window == monitor_block && !record.cutoff && record.alpha_log2 == optical_alpha_log2,
                "the {} monitor has a reading every {} samples, no cut-off and a rate of 2^{}",
                optical_power_monitor_id, monitor_block, optical_alpha_log2);
  ObjectReader readings(record.readings, record.id + ".readings");
  const std::uint64_t blocks = readings.count("blocks", 1);
  const double low = readings.number("low"), high = readings.number("high", low);
  const double lowest = readings.number("lowest"), highest = readings.number("highest", lowest);
  const double last = readings.number("last", lowest, highest);
  readings.finish();
  faults.unless(low < high, "{}: limits of {} and {} leave no room", optical_power_monitor_id, low, high);
  faults.unless(low <= lowest && highest <= high, "{}: readings from {} to {} would have closed the gate",
                optical_power_monitor_id, lowest, highest);
  faults.unless(blocks > 1 || (lowest == last && last == highest), "{}: one block has one reading",
                optical_power_monitor_id);
  return faults.take();
}

}  // namespace lightseed::health

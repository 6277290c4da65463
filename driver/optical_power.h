// SPDX-License-Identifier: Apache-2.0
#pragma once

namespace lightseed {

/// What a source is as well when something measures its light beside the detectors that its samples come from: a
/// photodiode behind a tap, before any gain control. No source has to.
///
/// Its readings tell what no statistic of samples can: that the light is gone, and something else makes the codes.
class OpticalPowerMeter {
 public:
  virtual ~OpticalPowerMeter() = default;
  /// False: as it is set, this one has no photodiode.
  [[nodiscard]] virtual bool measures_optical_power() const = 0;
  /// A reading of now, proportional to the power but for a dark level, in the meter's own unit. Not a number where none
  /// came. To be called between reads, from the thread that reads.
  [[nodiscard]] virtual double optical_power() = 0;

 protected:
  OpticalPowerMeter() = default;
  OpticalPowerMeter(const OpticalPowerMeter&) = default;
  OpticalPowerMeter& operator=(const OpticalPowerMeter&) = default;
};

/// The source as its own meter; nothing where it has none.
template <typename AnySource>
OpticalPowerMeter* optical_power_meter_of(AnySource& source) {
  auto* const meter = dynamic_cast<OpticalPowerMeter*>(&source);
  return meter != nullptr && meter->measures_optical_power() ? meter : nullptr;
}

}  // namespace lightseed

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "driver/devices/infnoise/loop_entropy.h"
#include "stats/health/health_test.h"

namespace lightseed::infnoise {

/// The gate's own look at an Infinite Noise: measures the gain of its loop on the very samples that are used, and
/// fails when it is not the one the resistors make. The driver's monitor sees more (pins, lateness) and protects
/// whoever reads raw samples; what it saw is not on record with the samples that made keys.
///
/// Samples are single bits, of the two comparators in turn, the first one of comparator 1. The test states no
/// false-alarm rate: a loop that is well stays within a sixth of the tolerance.
class LoopGain final : public health::HealthTest {
 public:
  static constexpr const char* id = "infnoise-loop-gain";
  static constexpr std::size_t window_bits = 512;  ///< a round of the device

  [[nodiscard]] std::size_t window() const noexcept override { return window_bits; }
  [[nodiscard]] std::size_t start_up_samples() const noexcept override { return LoopEntropy::warm_up_bits; }
  void restart() override { loop_ = {}; }
  [[nodiscard]] std::optional<health::Failure> feed(const health::Samples& samples) override;
  /// Readings: `bits`, `longest_run`, and once there are bits `entropy_per_bit` and `gain`.
  [[nodiscard]] HealthTestRecord record() const override;

 private:
  LoopEntropy loop_;
};

/// What is wrong with the record of such a test at a gate that was open: a window or rate that is not its own, readings
/// that are missing or contradict each other, a gain at which the gate would have closed. One sentence a fault.
std::vector<std::string> faults_of_loop_gain(const HealthTestRecord& record);

}  // namespace lightseed::infnoise

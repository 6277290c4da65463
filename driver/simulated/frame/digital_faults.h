// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "core/sample_format.h"
#include "driver/simulated/frame/fault_schedule.h"

namespace lightseed::simulated {

/// Faults behind the converter and on the cable: the same for every model. They come after the model's own in a
/// source's list of kinds.
std::vector<FaultKind> frame_faults();

/// Damages codes as the digital faults of a schedule say.
class DigitalFaults {
 public:
  /// `first` is the index of frame_faults()[0] in the schedule's kinds. The schedule must outlive this.
  DigitalFaults(const FaultSchedule& schedule, std::size_t first, const SampleFormat& format);

  /// Power is switched on.
  void restart();
  /// `codes` begin with sample number `position`; no fault changes within them.
  void apply(std::span<std::uint16_t> codes, std::uint64_t position);

  /// Some fault of the frame is scheduled at all.
  [[nodiscard]] bool any() const noexcept { return any_; }

 private:
  const FaultSchedule& schedule_;
  std::size_t first_;
  unsigned bits_;
  bool any_ = false;
  std::uint16_t last_ = 0;                            ///< the last code handed out
  std::vector<std::vector<std::uint16_t>> memories_;  ///< what each scheduled fault remembers
};

/// What the cable does at one sample.
struct CableFault {
  enum class Kind { none, stall, short_read, unplug, corrupted } kind = Kind::none;
  double size = 0;
};
CableFault cable_fault(const FaultSchedule& schedule, std::size_t first, std::uint64_t sample);

}  // namespace lightseed::simulated

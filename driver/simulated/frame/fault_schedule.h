// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <limits>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace lightseed::simulated {

/// A way a source can fail. Models register their own, the frame those behind the converter.
struct FaultKind {
  std::string name;    ///< as in the URI
  std::string layer;   ///< source, detector, analog, digital, transport
  std::string effect;  ///< what it does, for a person; says what `size` counts
  double usual = 1;    ///< size where none is given
  double least = 0;    ///< the sizes allowed
  double most = 1;
  bool draws = false;  ///< it draws numbers of its own, and takes a seed for them
};

/// How strong each fault of a list is at one moment, by its index there; 0 where it is not active.
using Strengths = std::array<double, 32>;

/// Faults with their times, in samples since the start:
///
///   stuck@1000000
///   dc_drift@1000:for=5000:ramp=2000:size=0.3;laser_off@9000
///
/// A fault sets in at @SAMPLE (0 when missing), reaches its size within `ramp` samples, in steps of 64, and ends after
/// `for` samples, or never. One that draws numbers of its own takes a `seed` for them.
class FaultSchedule {
 public:
  struct Entry {
    std::size_t kind;  ///< index in the list of kinds
    std::uint64_t start = 0;
    std::uint64_t duration = std::numeric_limits<std::uint64_t>::max();
    std::uint64_t ramp = 0;
    double size = 0;
    std::uint32_t seed = 0;  ///< 0: the fault's usual one

    [[nodiscard]] double strength(std::uint64_t sample) const noexcept;
    /// The first sample after `sample` at which the strength may change.
    [[nodiscard]] std::uint64_t next_change(std::uint64_t sample) const noexcept;
  };

  /// At most 32 kinds. Throws Error(usage) for a fault that is not among them, naming the nearest, or a bad number.
  FaultSchedule(std::string_view text, std::vector<FaultKind> kinds);

  /// Strengths of kinds[first] onwards, at one sample.
  [[nodiscard]] Strengths strengths(std::uint64_t sample, std::size_t first, std::size_t count) const noexcept;
  /// The strength of one kind at one sample.
  [[nodiscard]] double strength(std::uint64_t sample, std::size_t kind) const noexcept;
  /// Bit k is set while kinds[k] is active.
  [[nodiscard]] std::uint32_t active(std::uint64_t sample) const noexcept;
  /// The first sample after `sample` at which anything changes.
  [[nodiscard]] std::uint64_t next_change(std::uint64_t sample) const noexcept;

  [[nodiscard]] const std::vector<Entry>& entries() const noexcept { return entries_; }
  [[nodiscard]] const std::vector<FaultKind>& kinds() const noexcept { return kinds_; }
  /// Canonical text; "none" for an empty schedule.
  [[nodiscard]] std::string text() const;

 private:
  std::vector<FaultKind> kinds_;
  std::vector<Entry> entries_;

  Entry entry_from(std::string_view text) const;
};

}  // namespace lightseed::simulated

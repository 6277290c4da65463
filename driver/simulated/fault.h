#pragma once

#include <cstdint>
#include <span>
#include <string>

#include "driver/source_uri.h"

namespace lightseed::simulated {

/// A failure that sets in at a given sample and stays, applied to the codes behind the ADC:
///   stuck  the converter freezes: the last good code for ever
///   bias   an offset of half the range drives the converter into saturation: about half the codes are the top one
///   dead   the detector delivers nothing: the converter reads its middle code for ever
class Fault {
 public:
  enum class Kind { none, stuck, bias, dead };

  /// Takes the parameter `fault`, e.g. "stuck@1000000" (the offset, in samples, is 0 when missing).
  /// Throws Error(usage).
  static Fault take(SourceUri& uri);

  /// Damages `codes`, the first of which is sample number `first` of the stream.
  void apply(std::span<std::uint8_t> codes, std::uint64_t first) noexcept;

  /// "stuck@1000000", or "none".
  [[nodiscard]] std::string text() const;

 private:
  Kind kind_ = Kind::none;
  std::uint64_t offset_ = 0;
  std::uint8_t last_good_ = 128;
};

}  // namespace lightseed::simulated

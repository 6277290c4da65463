// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <random>

#include "tests/emulated/ftdi_front.h"

namespace lightseed::emulated {

/// The multiplier of an Infinite Noise on the pins of an FTDI chip: each byte written first has the pins read, then
/// closes a switch, and the comparator behind it looks: D2 moves comparator 1 (D1), D0 comparator 2 (D4). Names of
/// files and lines are those of leetronics/infnoise 40ecf21, software.
class EmulatedInfNoise final : public SerialModel {
 public:
  explicit EmulatedInfNoise(unsigned seed) : random_(seed) {}

  double gain = 1.84;
  std::uint64_t settles_after = 0;    ///< samples after which the gain is 1.84; 0: it is what it is
  double misfires = 0;                ///< chance that a sample shows the comparator moved that should hold
  std::optional<bool> stuck;          ///< comparator 1 shows this, whatever it compares
  bool all_stuck = false;             ///< both do
  std::chrono::milliseconds late{0};  ///< the next round's samples come this late
  unsigned lose_bytes = 0;            ///< so many written bytes are lost
  bool slips = false;                 ///< the next round's samples come one later, the last is lost
  bool silent = false;

  /// What a driver makes of a round if it hears each sample: 64 bytes a round of 512, in order.
  [[nodiscard]] const std::vector<Bytes>& rounds() const noexcept { return rounds_; }
  /// Whether rounds()[i] came late, or had slipped: nobody may use it.
  [[nodiscard]] const std::vector<bool>& spoilt() const noexcept { return spoilt_; }

  void receive(std::span<const std::byte> bytes, Clock::time_point now) override;
  Bytes send(std::size_t room, Clock::time_point now) override;

  /// Pins for `writes`, without the chip in front.
  Bytes clock(std::span<const std::byte> writes);

  /// The chip it is on, with the vendor's strings.
  static EmulatedFtdi::Identity identity();

 private:
  std::mt19937_64 random_;
  double level_ = 0.3;
  std::uint64_t clocked_ = 0;
  bool first_ = false, second_ = false;  ///< the comparators
  Bytes out_;
  Clock::time_point ready_{};
  std::vector<Bytes> rounds_;
  std::vector<bool> spoilt_;

  void step(bool& comparator);
};

/// Finds what a driver has read among a device's rounds, in order and none twice.
class RoundFinder {
 public:
  /// True when `block` is whole rounds that the device has sent, none of them spoilt.
  bool find(const EmulatedInfNoise& noise, std::span<const std::byte> block);

 private:
  std::size_t at_ = 0;
};

/// The writes of one round.
Bytes infnoise_pattern(std::size_t size = 512);

}  // namespace lightseed::emulated

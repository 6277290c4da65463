// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "stats/input/bit_string.h"
#include "stats/sequence/random_walk.h"

namespace lightseed::stats {

/// One sequence of bits under test and what several tests of several batteries need of it, each computed when it is
/// first asked for. Used from one thread at a time.
class Sequence {
 public:
  /// `longest_pattern` (at most 16): the longest pattern that patterns() will be asked for.
  explicit Sequence(BitString bits, unsigned longest_pattern = 16);

  [[nodiscard]] const BitString& bits() const noexcept { return bits_; }
  [[nodiscard]] std::uint64_t size() const noexcept { return bits_.size(); }
  [[nodiscard]] double length() const noexcept { return static_cast<double>(bits_.size()); }
  [[nodiscard]] std::uint64_t ones() const;

  /// How many bits differ from the one `distance` places before.
  [[nodiscard]] std::uint64_t changes(std::size_t distance) const;

  /// How often each pattern of `length` bits comes, the sequence closed to a ring. A pattern's first bit is the lowest
  /// of its number.
  [[nodiscard]] const std::vector<std::uint32_t>& patterns(unsigned length) const;

  [[nodiscard]] const RandomWalk& walk() const;

 private:
  BitString bits_;
  unsigned longest_pattern_;
  mutable std::optional<std::uint64_t> ones_;
  mutable std::vector<std::vector<std::uint32_t>> patterns_;  ///< by length
  mutable std::optional<RandomWalk> walk_;
};

/// The first `bits` bits of bytes, each byte's most significant bit first; bits <= 8 * bytes.size().
BitString packed_bits(std::span<const std::byte> bytes, std::size_t bits);

/// How many of the `length` bits from `first` on are one.
std::uint64_t ones_in(const BitString& bits, std::size_t first, std::size_t length);

/// How many of the `length` bits from `first` on differ from those `distance` behind them.
std::uint64_t differences_in(const BitString& bits, std::size_t first, std::size_t length, std::size_t distance);

/// The longest run of `value` in each whole block of `block` bits, as far as `most`.
std::vector<unsigned> longest_runs(const BitString& bits, std::size_t block, bool value, unsigned most);

}  // namespace lightseed::stats

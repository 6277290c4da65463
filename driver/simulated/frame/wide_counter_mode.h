// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

namespace lightseed::simulated {

/// AES-128 in counter mode from counter nought on, two blocks an instruction: twice what OpenSSL 3.0 makes of
/// processors with VAES, and half of a gigasample a second is AES. For simulators alone: neither key nor stream is a
/// secret.
class WideCounterMode {
 public:
  static constexpr std::size_t block = 16;      ///< bytes
  static constexpr std::size_t together = 256;  ///< bytes that are made at a time

  /// This processor can do it.
  [[nodiscard]] static bool is_supported() noexcept;

  explicit WideCounterMode(std::span<const std::byte, block> key) noexcept;

  /// The next bytes of the stream: so many times `together`, from `out` on.
  void fill(std::byte* out, std::size_t times) noexcept;

 private:
  static constexpr std::size_t rounds = 10;
  alignas(16) std::array<std::array<std::uint8_t, block>, rounds + 1> keys_{};  ///< of the rounds
  std::uint64_t counter_ = 0;                                                   ///< of the next block
};

}  // namespace lightseed::simulated

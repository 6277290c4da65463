// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <deque>
#include <optional>
#include <span>
#include <vector>

namespace lightseed::rava {

/// A frame of protocol 3: '!' '$' request error command R_LEN(u16) D_LEN data CRC(u16) random[R_LEN].
/// The CRC covers request to data; the random bytes are not covered.
struct Frame {
  std::uint8_t request = 0, error = 0, command = 0;
  std::vector<std::byte> data, random;
};

constexpr std::size_t most_data = 54;      ///< D_LEN's limit
constexpr std::size_t most_random = 2048;  ///< two cores of 1024 bytes

/// CRC-16/MCRF4XX: CCITT reflected, initially 0xFFFF, no final inversion; "123456789" gives 0x6F91.
std::uint16_t crc(std::span<const std::byte> bytes) noexcept;

/// A frame from the host: R_LEN is 0. `data` holds at most most_data bytes.
std::vector<std::byte> encode(std::uint8_t request, std::uint8_t command, std::span<const std::byte> data);

/// Finds frames in what a device sends, in pieces of any size. Noise before a frame is skipped.
class FrameParser {
 public:
  void feed(std::span<const std::byte> bytes);

  /// The next whole frame. Throws DeviceFault(protocol) for a wrong CRC, absurd lengths, or endless noise; the
  /// parser is then empty.
  std::optional<Frame> next();

  void clear() noexcept { bytes_.clear(); }

 private:
  std::deque<std::byte> bytes_;
};

}  // namespace lightseed::rava

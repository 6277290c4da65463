// SPDX-License-Identifier: Apache-2.0
#include "driver/devices/rava/rava_frames.h"

#include <fmt/format.h>

#include "driver/transport/device_fault.h"

namespace lightseed::rava {
namespace {

constexpr std::byte mark_1{'!'}, mark_2{'$'};
constexpr std::size_t head = 8, crc_size = 2;
/// More noise than one reply and its random bytes means that we have lost the frames.
constexpr std::size_t most_noise = 4096;

std::uint16_t crc_step(std::uint16_t crc, std::byte byte) noexcept {
  unsigned value = crc ^ std::to_integer<unsigned>(byte);
  for (int bit = 0; bit < 8; ++bit)
    value = (value & 1U) != 0 ? value >> 1U ^ 0x8408U : value >> 1U;
  return static_cast<std::uint16_t>(value);
}

}  // namespace

std::uint16_t crc(std::span<const std::byte> bytes) noexcept {
  std::uint16_t value = 0xFFFF;
  for (const std::byte byte : bytes)
    value = crc_step(value, byte);
  return value;
}

std::vector<std::byte> encode(std::uint8_t request, std::uint8_t command, std::span<const std::byte> data) {
  std::vector<std::byte> frame;
  frame.reserve(head + most_data + crc_size);
  const auto put = [&frame](unsigned value) { frame.push_back(static_cast<std::byte>(value & 0xFFU)); };
  for (const unsigned value : {unsigned{'!'}, unsigned{'$'}, unsigned{request}, 0U, unsigned{command}, 0U, 0U})
    put(value);
  put(static_cast<unsigned>(data.size()));
  for (const std::byte byte : data)
    frame.push_back(byte);
  const std::uint16_t sum = crc(std::span(frame).subspan(2));
  put(sum);
  put(sum >> 8U);
  return frame;
}

void FrameParser::feed(std::span<const std::byte> bytes) {
  bytes_.insert(bytes_.end(), bytes.begin(), bytes.end());
}

std::optional<Frame> FrameParser::next() {
  std::size_t noise = 0;
  while (bytes_.size() >= 2 && !(bytes_[0] == mark_1 && bytes_[1] == mark_2)) {
    bytes_.pop_front();
    if (++noise > most_noise) {
      bytes_.clear();
      throw DeviceFault(DeviceFault::Kind::protocol, "no frame in 4096 bytes");
    }
  }
  if (bytes_.size() < head) return std::nullopt;
  const auto u8 = [&](std::size_t i) { return std::to_integer<std::uint8_t>(bytes_[i]); };
  const std::size_t random = u8(5) | std::size_t{u8(6)} << 8U, data = u8(7);
  if (data > most_data || random > most_random) {
    bytes_.clear();
    throw DeviceFault(DeviceFault::Kind::protocol,
                      fmt::format("a frame of {} data and {} random bytes; at most {} and {} can be", data, random,
                                  most_data, most_random));
  }
  if (bytes_.size() < head + data + crc_size + random) return std::nullopt;

  std::uint16_t sum = 0xFFFF;
  for (std::size_t i = 2; i < head + data; ++i)
    sum = crc_step(sum, bytes_[i]);
  if (sum != (u8(head + data) | u8(head + data + 1) << 8)) {
    bytes_.clear();
    throw DeviceFault(DeviceFault::Kind::protocol, "a frame's check sum is wrong");
  }
  Frame frame{.request = u8(2), .error = u8(3), .command = u8(4), .data = {}, .random = {}};
  const auto at = [&](std::size_t i) { return bytes_.begin() + static_cast<std::ptrdiff_t>(i); };
  frame.data.assign(at(head), at(head + data));
  frame.random.assign(at(head + data + crc_size), at(head + data + crc_size + random));
  bytes_.erase(bytes_.begin(), at(head + data + crc_size + random));
  return frame;
}

}  // namespace lightseed::rava

// SPDX-License-Identifier: Apache-2.0
#include "tests/emulated/chaoskey/emulated_chaoskey.h"

#include <array>

namespace lightseed::emulated {

Bytes EmulatedChaosKey::descriptors() const {
  return SimpleDescriptors{
      .vendor = 0x1d50, .product = 0x60c6, .release = 0x0001, .endpoints = {0x85, 0x86, 0x87}, .max_packet = 64}
      .build();
}

std::optional<std::string> EmulatedChaosKey::text(unsigned index) const {
  const std::array<std::string, 3> texts{"altusmetrum.org", "ChaosKey EMULATED", "CK-EMU-1"};
  if (index < 1 || index > 3) return std::nullopt;
  return texts[index - 1];
}

Bulk EmulatedChaosKey::bulk_in(std::uint8_t endpoint, std::span<std::byte> room, Clock::time_point now) {
  if (!ready_) ready_ = now + settling;
  if (now < *ready_) return {Bulk::Result::nak, 0, *ready_};
  if (sent_ >= vanish_at) return {Bulk::Result::gone, 0, {}};
  if (endpoint == 0x85) {
    cooked_.fill(room);
  } else if (endpoint == 0x86) {
    // The ADC counts: sample j is j modulo 4096, so that a lost byte shows.
    raw_ += raw_ % 2;  // each transfer begins with a whole sample
    for (std::byte& byte : room) {
      if (raw_ == lose_byte_at) ++raw_;
      const std::uint64_t sample = raw_ / 2 & 0xFFFU;
      byte = static_cast<std::byte>(raw_ % 2 == 0 ? sample & 0xFFU : sample >> 8U);
      ++raw_;
    }
  } else {
    return {Bulk::Result::stall, 0, {}};
  }
  sent_ += room.size();
  return {Bulk::Result::done, room.size(), {}};
}

}  // namespace lightseed::emulated

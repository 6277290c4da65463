// SPDX-License-Identifier: Apache-2.0
#include "tests/emulated/chaoskey/emulated_chaoskey.h"

#include <array>

namespace lightseed::emulated {

Bytes EmulatedChaosKey::descriptors() const {
  // Cooked, raw, flash: chaosread.c:178 to 180; the kernel takes the first it meets: chaoskey.c:115, of 64 bytes: :58.
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
  // The high voltage takes 100 ms: ao_trng_send.c:30 and 78.
  if (!ready_) ready_ = now + settling;
  if (now < *ready_) return {Bulk::Result::nak, 0, *ready_};
  // It leaves the bus after more than ten bad variances in a row: ao_trng_send.c:230.
  if (sent_ >= vanish_at) return {Bulk::Result::gone, 0, {}};
  if (endpoint == 0x85) {
    cooked_.fill(room);
  } else if (endpoint == 0x86) {
    // Samples of the converter in 16 bits, low byte first: ao_trng_send.c:45 to 48. The ADC counts: sample j is j
    // modulo 4096, so that a lost byte shows.
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

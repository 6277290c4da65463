// SPDX-License-Identifier: Apache-2.0
#include "tests/emulated/bitbabbler/emulated_bitbabbler.h"

#include <algorithm>
#include <utility>

namespace lightseed::emulated {

EmulatedFtdi::Identity EmulatedBitBabbler::identity(std::uint16_t max_packet) {
  return {.product = 0x7840,
          .max_packet = max_packet,
          .manufacturer_text = "BitBabbler",
          .product_text = "White RNG EMULATED",
          .serial = "EMU2B1",
          .connects_in = 0x02};
}

/// Of the commands that its program sends: secret-source.h:95 to 118 and 436 to 441, ftdi-device.h:139 to 182.
std::size_t EmulatedBitBabbler::length_of(unsigned command) {
  switch (command) {
    case 0x20:
    case 0x80:
    case 0x82:
    case 0x86: return 3;
    case 0x85:
    case 0x87:
    case 0x8A:
    case 0x8D:
    case 0x97: return 1;
    default: return 0;
  }
}

void EmulatedBitBabbler::receive(std::span<const std::byte> bytes, Clock::time_point) {
  in_.insert(in_.end(), bytes.begin(), bytes.end());
  while (!in_.empty()) {
    const std::size_t length = length_of(std::to_integer<unsigned>(in_[0]));
    if (length == 0) {
      // FA and the command that does not exist: ftdi-device.h:664.
      const bool deaf = !echoes || deaf_echoes > 0;
      if (deaf_echoes > 0) --deaf_echoes;
      if (!deaf) out_.insert(out_.end(), {std::byte{0xFA}, in_[0]});
      if (long_echoes > 0) {
        --long_echoes;
        out_.push_back(in_[0]);
      }
      in_.erase(in_.begin());
      continue;
    }
    if (in_.size() < length) return;
    run(std::span(in_).first(length));
    in_.erase(in_.begin(), in_.begin() + static_cast<std::ptrdiff_t>(length));
  }
}

void EmulatedBitBabbler::run(std::span<const std::byte> command) {
  const auto u8 = [&](std::size_t i) { return std::to_integer<unsigned>(command[i]); };
  switch (u8(0)) {
    case 0x20:
      longest_ = std::max<std::size_t>(longest_, (u8(1) | u8(2) << 8U) + 1);
      due_ += (u8(1) | u8(2) << 8U) + 1 + std::exchange(excess, 0U) - std::exchange(missing, 0U);
      busy_ = busy_after > 0;
      if (busy_) --busy_after;
      break;
    case 0x80: low_pins_ = u8(1) << 8U | u8(2); break;
    case 0x86:
      // 30 MHz over the rate, less one: secret-source.h:94.
      divisor_ = u8(1) | u8(2) << 8U;
      pacer_ = Pacer(30e6 / (divisor_ + 1.0) / 8);
      break;
    default: break;
  }
}

Bytes EmulatedBitBabbler::send(std::size_t room, Clock::time_point now) {
  if (chatter) return Bytes(room, std::byte{0x5A});
  if (!out_.empty()) {
    const std::size_t part = std::min(room, out_.size());
    Bytes bytes(out_.begin(), out_.begin() + static_cast<std::ptrdiff_t>(part));
    out_.erase(out_.begin(), out_.begin() + static_cast<std::ptrdiff_t>(part));
    return bytes;
  }
  const std::size_t part = std::min(room, due_);
  if (part == 0 || pacer_.take(part, now)) return {};
  due_ -= part;
  Bytes bytes(part);
  sequence_.fill(bytes);
  return bytes;
}

std::uint8_t EmulatedBitBabbler::line_status() const {
  // Nothing but the transmitter's two bits may be set, and both when it is at rest: ftdi-device.h:356 and 491.
  if (wrong_line) return 0x62;
  return due_ > 0 || busy_ ? 0x20 : 0x60;
}

}  // namespace lightseed::emulated

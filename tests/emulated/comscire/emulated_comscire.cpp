// SPDX-License-Identifier: Apache-2.0
#include "tests/emulated/comscire/emulated_comscire.h"

#include <algorithm>
#include <utility>

namespace lightseed::emulated {

EmulatedFtdi::Identity EmulatedComScire::identity(const std::string& serial) {
  // Product numbers and modes by serial number: qwqng.cpp:663, 694, 747 to 774.
  const char model = serial.size() > 3 ? serial[3] : '7';
  const bool full_speed = model == '1' || model == '2' || model == '4' || model == '6';
  return {.product = static_cast<std::uint16_t>(full_speed ? 0x6001 : 0x6014),
          .max_packet = static_cast<std::uint16_t>(full_speed ? 64 : 512),
          .manufacturer_text = "QWC",
          .product_text = "PureQuantum EMULATED",
          .serial = serial,
          .release = static_cast<std::uint16_t>(full_speed ? 0x0600 : 0x0900),
          .connects_in = model >= '7' ? 0x40U : 0U};
}

void EmulatedComScire::receive(std::span<const std::byte> bytes, Clock::time_point now) {
  for (const std::byte command : bytes) {
    switch (std::to_integer<unsigned>(command)) {
      case 0x60: {
        // Six bytes, the same each time: qwqng.cpp:1372 to 1379 (qwqng.hpp:48 to 52 has the commands).
        ++asked_;
        const bool wrong = delimiter_changes || asked_ <= confused;
        for (unsigned i = 0; i < 6; ++i)
          out_.push_back(static_cast<std::byte>(0xD0U + i + (wrong ? asked_ : 0)));
        break;
      }
      case 0x96:
        // The first bytes are thrown away: qwqng.cpp:1086.
        paused = false;
        if (streaming_) break;
        out_.insert(out_.end(), 256, std::byte{0x99});
        streaming_ = true;
        asked_at_ = now;
        break;
      case 0xB0:
        // Asked when fewer bytes came than were wanted: qwqng.cpp:866 to 873.
        out_.insert(out_.end(), {std::byte{bad_statistics ? std::uint8_t{4} : std::uint8_t{1}}, {}, {}, {}});
        break;
      case 0xE0:
        // The maker sends it to no generation 1: libqwqng qwqng.cpp:1294, an RX purge instead.
        stopped_ = true;
        // What is left over is read up to the delimiter: qwqng.cpp:1020 to 1058.
        if (streaming_) out_.insert(out_.end(), stale, std::byte{0x77});
        streaming_ = false;
        break;
      default: break;
    }
  }
}

Bytes EmulatedComScire::send(std::size_t room, Clock::time_point now) {
  if (silent) return {};
  if (!out_.empty()) {
    const std::size_t part = std::min(room, out_.size());
    Bytes bytes(out_.begin(), out_.begin() + static_cast<std::ptrdiff_t>(part));
    out_.erase(out_.begin(), out_.begin() + static_cast<std::ptrdiff_t>(part));
    return bytes;
  }
  if (!streaming_ || bad_statistics || paused || pacer_.take(room, now)) return {};
  Bytes bytes(room);
  // Overrun: what was made while nobody asked, and found no room, is lost.
  const std::chrono::duration<double> idle = now - std::exchange(asked_at_, now);
  const auto made = static_cast<std::size_t>(idle.count() * bytes_per_second_);
  if (fifo_bytes > 0 && made > fifo_bytes) {
    Bytes lost(made - fifo_bytes);
    sequence_.fill(lost);
  }
  sequence_.fill(bytes);
  return bytes;
}

}  // namespace lightseed::emulated

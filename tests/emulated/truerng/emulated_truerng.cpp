// SPDX-License-Identifier: Apache-2.0
#include "tests/emulated/truerng/emulated_truerng.h"

#include <algorithm>

namespace lightseed::emulated {

/// The knock and the modes are those of the maker's truerng_mode.py:34 to 52; by that table unwhitened is a Pro V2's
/// alone.
void EmulatedTrueRng::line_coding(unsigned baud) {
  rates_.push_back(baud);
  if (rates_.size() > 4) rates_.pop_front();
  if (!hears_knocks || rates_ != std::deque<unsigned>{110, 300, 110, baud}) return;
  if (baud == 57600 && version < 2) return;
  mode_ = baud;
}

Bytes EmulatedTrueRng::send(std::size_t room, Clock::time_point now) {
  room = std::min<std::size_t>(room, 512);
  if (silent || pacer_.take(room, now)) return {};
  if (mode_ == 38400 || sends_text) {
    const std::string text = "0512\r\n0498\r\n";
    Bytes bytes;
    for (std::size_t i = 0; i < room; ++i)
      bytes.push_back(static_cast<std::byte>(text[i % text.size()]));
    return bytes;
  }
  Bytes bytes(room);
  sequence_.fill(bytes);
  return bytes;
}

}  // namespace lightseed::emulated

// SPDX-License-Identifier: Apache-2.0
#include "driver/transport/byte_channel.h"

#include <fmt/format.h>

#include <array>

#include "core/error.h"
#include "core/wait.h"

namespace lightseed {

using Kind = DeviceFault::Kind;

void ByteChannel::read_exactly(std::span<std::byte> out, const Patience& patience) {
  std::size_t got = 0;
  while (got < out.size()) {
    const std::size_t part = read(out.subspan(got), patience);
    if (part == 0 && patience.stopped()) throw Error(Category::interrupted, fmt::format("{}: asked to stop", name()));
    if (part == 0) {
      throw DeviceFault(Kind::silence,
                        fmt::format("{}: {} bytes of an answer of {} before the deadline", name(), got, out.size()));
    }
    got += part;
  }
}

void ByteChannel::pause(std::chrono::milliseconds time, const Patience& patience) const {
  lightseed::pause(patience.within(time));
}

std::size_t ByteChannel::drain(std::chrono::milliseconds quiet, std::size_t limit, const Patience& patience) {
  std::array<std::byte, 4096> waste;
  std::size_t drained = 0;
  while (true) {
    const std::size_t part = read(waste, patience.within(quiet));
    if (patience.stopped()) throw Error(Category::interrupted, fmt::format("{}: asked to stop", name()));
    if (part == 0) return drained;
    drained += part;
    if (drained > limit || patience.expired()) {
      throw DeviceFault(Kind::protocol, fmt::format("{}: it does not stop sending", name()));
    }
  }
}

}  // namespace lightseed

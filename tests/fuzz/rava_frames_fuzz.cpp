// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cstdint>
#include <span>

#include "driver/devices/rava/rava_frames.h"
#include "driver/transport/device_fault.h"

/// Any bytes, in pieces of any size, are frames within their limits, a fault, or nothing.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace lightseed;
  rava::FrameParser parser;
  auto bytes = std::as_bytes(std::span(data, size));
  while (!bytes.empty()) {
    const std::size_t piece = std::min<std::size_t>(bytes.size(), 1 + std::to_integer<std::size_t>(bytes[0]) % 32);
    parser.feed(bytes.first(piece));
    bytes = bytes.subspan(piece);
    try {
      while (const auto frame = parser.next()) {
        if (frame->data.size() > rava::most_data || frame->random.size() > rava::most_random) __builtin_trap();
      }
    } catch (const DeviceFault&) {
    }
  }
  return 0;
}

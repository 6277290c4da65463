// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cstdint>
#include <span>
#include <vector>

#include "core/error.h"
#include "driver/transport/ftdi_chip.h"
#include "driver/transport/mpsse.h"
#include "tests/fuzz/babbler.h"

/// What a BitBabbler's chip sends: an engine counts as synchronised only when both refusals were among the bytes, and a
/// judge sees the status of every packet.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace lightseed;
  const auto bytes = std::as_bytes(std::span(data, size));
  auto left = bytes;
  fuzz::Babbler channel(left);
  Mpsse engine(channel);
  try {
    while (!left.empty()) {
      if (!engine.synchronise({})) continue;
      const auto said = bytes.first(bytes.size() - left.size());
      // The harness' own bytes may stand between.
      auto at = said.begin();
      for (const int byte : {0xFA, 0xAA, 0xFA, 0xAB}) {
        at = std::find(at, said.end(), static_cast<std::byte>(byte));
        if (at == said.end()) __builtin_trap();
        ++at;
      }
    }
  } catch (const DeviceFault&) {
  } catch (const Error&) {
  }
  for (const std::size_t packet : {64U, 512U}) {
    std::vector<std::byte> transfer(bytes.begin(), bytes.end());
    std::size_t packets = 0;
    bool wrong = false;
    try {
      const std::size_t kept = strip_ftdi_status(transfer, packet, [&](FtdiStatus status) {
        ++packets;
        wrong = status.modem != 0x32;
        if (wrong) throw DeviceFault(DeviceFault::Kind::protocol, "status");
      });
      if (kept + 2 * packets != size || packets != (size + packet - 1) / packet) __builtin_trap();
    } catch (const DeviceFault&) {
      if (!wrong && size % packet != 1) __builtin_trap();
    }
  }
  return 0;
}

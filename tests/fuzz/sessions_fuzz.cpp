// SPDX-License-Identifier: Apache-2.0
#include <cstdint>
#include <span>
#include <vector>

#include "core/error.h"
#include "driver/devices/onerng/onerng.h"
#include "driver/devices/qcicada/qcicada.h"
#include "driver/devices/rava/rava.h"
#include "driver/devices/truerng/truerng.h"
#include "tests/fuzz/babbler.h"

/// The first byte chooses the device; the rest is what it says. Everything ends in samples, a fault or an error.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace lightseed;
  if (size == 0) return 0;
  static const std::vector<DeviceKind> kinds{rava_kind(), onerng_kind(), truerng_kind(), qcicada_kind()};
  const DeviceKind& kind = kinds[data[0] % kinds.size()];
  auto left = std::as_bytes(std::span(data, size)).subspan(1);
  try {
    SourceUri uri = SourceUri::parse("tty:fuzz");
    SourceInfo info;
    const auto open = [&left](unsigned, const Patience&) { return std::make_unique<fuzz::Babbler>(left); };
    const auto session = serial_sessions(kind, uri)(open, info, {});
    session->begin({});
    std::vector<std::byte> block(100);
    for (int i = 0; i < 10; ++i) {
      if (session->read(block, {}) > block.size()) __builtin_trap();
      session->check({});
    }
    session->end();
  } catch (const DeviceFault&) {
  } catch (const Error&) {
  }
  return 0;
}

// SPDX-License-Identifier: Apache-2.0
#include "driver/devices/rava/rava.h"

#include <fmt/format.h>

#include <array>
#include <utility>

#include "core/error.h"
#include "driver/devices/rava/rava_frames.h"
#include "driver/devices/rava/rava_sessions.h"

namespace lightseed {
namespace {

using Kind = DeviceFault::Kind;
using namespace std::chrono_literals;

constexpr unsigned rava_baud = 115200;  ///< any but 0: the firmware drops everything until one is set

/// One question tells the protocols apart: to a device of protocol 2, the "$ 01" inside a ping of protocol 3 with
/// request id 1 asks for its serial number.
std::unique_ptr<Session> open(std::unique_ptr<ByteChannel> port, std::uint8_t processing, SourceInfo& info,
                              const Patience& patience) {
  rava::hush(*port, patience);
  port->write(rava::encode(1, 0, {}), patience.within(1s));
  std::array<std::byte, 2> mark{};
  const Patience limit = patience.within(1s);
  port->read_exactly(mark, limit);
  if (mark == std::array{std::byte{'!'}, std::byte{'$'}}) {
    std::array<std::byte, 8> rest{};
    port->read_exactly(rest, limit);
    return rava::open_v3(std::move(port), processing, info, patience);
  }
  if (mark != std::array{std::byte{'$'}, std::byte{1}}) {
    throw DeviceFault(Kind::protocol, fmt::format("{}: it does not answer as a RAVA does", port->name()));
  }
  std::array<std::byte, 6> data{};
  port->read_exactly(data, limit);
  const auto length = std::to_integer<std::size_t>(data[0]);
  if (length > 32) {
    throw DeviceFault(Kind::protocol, fmt::format("{}: a serial number of {} characters", port->name(), length));
  }
  std::vector<std::byte> text(length);
  port->read_exactly(text, limit);
  std::string serial;
  for (const std::byte b : text) {
    const char c = static_cast<char>(b);
    if (c > ' ' && c < 0x7F) serial += c;
  }
  return rava::open_v2(std::move(port), processing, serial, info, patience);
}

std::uint8_t processing_from(const std::string& name) {
  if (name == "none") return 0;
  if (name == "xor") return 1;
  if (name == "dichtl") return 2;
  throw Error(Category::usage, fmt::format("processing={} – expected none, xor or dichtl", name));
}

}  // namespace

void rava::hush(ByteChannel& port, const Patience& patience) {
  constexpr int most_stops = 20;
  constexpr std::uint8_t both_read_as_stop = 51, stop_stream = 26;
  std::array<std::byte, 4096> waste;
  for (int attempt = 0; attempt < most_stops; ++attempt) {
    port.write(encode(both_read_as_stop, stop_stream, {}), patience.within(1s));
    const Patience listening = patience.within(200ms);
    while (!listening.expired()) {
      const bool quiet = port.read(waste, patience.within(80ms)) == 0;
      if (patience.stopped()) throw Error(Category::interrupted, fmt::format("{}: asked to stop", port.name()));
      if (quiet) return;
    }
    if (patience.expired()) break;
  }
  throw DeviceFault(Kind::protocol,
                    fmt::format("{}: it does not stop sending: its firmware cannot be told to stop, or it is no RAVA; "
                                "unplug it and plug it in again",
                                port.name()));
}

DeviceFault rava::too_many_errors(const std::string& port, unsigned errors) {
  return {Kind::alarm, fmt::format("{}: its continuous health tests failed {} times in a second", port, errors)};
}

std::uint16_t rava::u16(std::span<const std::byte> bytes, std::size_t at) {
  return static_cast<std::uint16_t>(std::to_integer<unsigned>(bytes[at]) | std::to_integer<unsigned>(bytes[at + 1])
                                                                               << 8U);
}

DeviceKind rava_kind() {
  return {.name = "rava",
          .label = "RAVA8 (avalanche noise)",
          .matches = {{.vendor = 0x1209, .product = 0x4884}},
          .driven = [](SourceUri& uri) -> SerialSessionMaker {
            const MinEntropy claim = unassessed_claim(uri, 2.0, 8);
            const std::uint8_t processing = processing_from(uri.take_text("processing", "none"));
            return [=](const ChannelOpener& port, SourceInfo& info, const Patience& patience) {
              info.claim = claim;
              info.nominal_rate = 17'000;  // 136 kbit/s of version 1 hardware
              return open(port(rava_baud, patience), processing, info, patience);
            };
          }};
}

}  // namespace lightseed

// SPDX-License-Identifier: Apache-2.0
#include "driver/plain/tty_source.h"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <unistd.h>

#include <algorithm>
#include <utility>

#include "core/error.h"
#include "driver/transport/channel_session.h"
#include "driver/usb/device_source.h"

namespace lightseed {
namespace {

/// A port whose bytes are the samples.
class PlainPort final : public ChannelSession {
 public:
  explicit PlainPort(std::unique_ptr<ByteChannel> port) : ChannelSession(std::move(port)) {}
  void begin(const Patience&) override {}
  void end() noexcept override {}
};

DeviceKind plain_kind() {
  return {.name = "plain",
          .label = "serial port, protocol unknown",
          .matches = {},
          // No protocol, so nobody knows what is behind the port: as with the output of a command.
          .best_provenance = Provenance::recorded,
          .driven = [](SourceUri& uri) -> SerialSessionMaker {
            const auto baud = static_cast<unsigned>(uri.take_count("baud", 115200, 110, 4'000'000));
            // Nothing is known of it: without a statement it is credited with nothing.
            const MinEntropy claim = unassessed_claim(uri, 0.0, 8);
            return [=](const ChannelOpener& port, SourceInfo& info, const Patience& patience) {
              info.claim = claim;
              info.driver = "tty:";
              info.nominal_rate = baud / 10.0;  // a start bit, eight of data, a stop bit
              return std::make_unique<PlainPort>(port(baud, patience));
            };
          }};
}

/// Serial ports that belong to no kind of device known by its numbers: somebody may know what is behind them.
std::vector<Listing> ports(const std::vector<DeviceKind>& kinds) {
  std::vector<Listing> listings;
  for (const UsbUnit& unit : usb_inventory()) {
    const bool known = std::any_of(kinds.begin(), kinds.end(), [&](const DeviceKind& kind) { return kind.fits(unit); });
    if (known) continue;
    for (const std::string& tty : unit.ttys) {
      listings.push_back({"tty:" + SourceUri::encoded(tty),
                          fmt::format("serial port of {:04x}:{:04x} {}, at {}: add driver=NAME if you know what it is",
                                      unit.vendor, unit.product, unit.product_text, unit.path),
                          node_state(tty, R_OK | W_OK)});
    }
  }
  return listings;
}

}  // namespace

SourceDriver tty_driver(const std::vector<DeviceKind>& kinds) {
  std::vector<std::string> known{"plain"};
  for (const DeviceKind& kind : kinds)
    if (kind.is_serial()) known.push_back(kind.name);
  return {.name = "tty:",
          .summary = fmt::format("a serial port: tty:/dev/ttyACM0?driver=NAME (NAME: {}); for plain also "
                                 "baud=115200&entropy=0.5",
                                 fmt::join(known, ", ")),
          .list = [kinds] { return ports(kinds); },
          .open = [kinds, known](SourceUri uri) -> std::unique_ptr<Source> {
            const std::string driver = uri.take_text("driver", "plain");
            const std::string path = uri.path();
            const auto find = [path] { return serial_place(path); };
            if (driver == "plain") return open_serial_source(plain_kind(), std::move(uri), find);
            for (const DeviceKind& kind : kinds) {
              if (kind.is_serial() && kind.name == driver) return open_serial_source(kind, std::move(uri), find);
            }
            throw Error(Category::usage,
                        fmt::format("{}: driver={} – known are {}", uri.text(), driver, fmt::join(known, ", ")));
          }};
}

}  // namespace lightseed

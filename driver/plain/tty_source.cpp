#include "driver/plain/tty_source.h"

#include <fmt/format.h>

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
          .serial = [](SourceUri& uri) -> SerialSessionMaker {
            const auto baud = static_cast<unsigned>(uri.take_count("baud", 115200, 110, 4'000'000));
            // Nothing is known of it: without a statement it is credited with nothing.
            const MinEntropy claim = unassessed_claim(uri, 0.0, 8);
            return [=](const ChannelOpener& port, SourceInfo& info, const Patience& patience) {
              info.claim = claim;
              info.driver = "tty:";
              return std::make_unique<PlainPort>(port(baud, patience));
            };
          }};
}

}  // namespace

SourceDriver tty_driver(const std::vector<DeviceKind>& kinds) {
  std::vector<std::string> known{"plain"};
  for (const DeviceKind& kind : kinds)
    if (kind.serial) known.push_back(kind.name);
  return {.name = "tty:",
          .summary = fmt::format("a serial port: tty:/dev/ttyACM0?driver=NAME (NAME: {}); for plain also "
                                 "baud=115200&entropy=0.5",
                                 fmt::join(known, ", ")),
          .list = [] { return std::vector<Listing>{}; },
          .open = [kinds, known](SourceUri uri) -> std::unique_ptr<Source> {
            const std::string driver = uri.take_text("driver", "plain");
            const std::string path = uri.path();
            const auto find = [path] { return serial_place(path); };
            if (driver == "plain") return open_serial_source(plain_kind(), std::move(uri), find);
            for (const DeviceKind& kind : kinds) {
              if (kind.serial && kind.name == driver) return open_serial_source(kind, std::move(uri), find);
            }
            throw Error(Category::usage,
                        fmt::format("{}: driver={} – known are {}", uri.text(), driver, fmt::join(known, ", ")));
          }};
}

}  // namespace lightseed

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>
#include <utility>

#include "driver/transport/supervised_source.h"
#include "driver/usb/device_kind.h"
#include "tests/driver/reading.h"

namespace lightseed::tests {

/// A source over a serial device whose port `open` opens: for what a pseudo-terminal cannot show, like DTR.
inline std::unique_ptr<Source> supervised(const DeviceKind& kind, const std::string& text, ChannelOpener open,
                                          Supervision supervision = {}) {
  SourceUri uri = SourceUri::parse(text);
  SourceInfo info;
  info.uri = text;
  info.format = {8, 8};
  return std::make_unique<SupervisedSource>(
      std::move(info),
      [make = serial_sessions(kind, uri), open = std::move(open)](SourceInfo& now, const Patience& patience) {
        return make(open, now, patience);
      },
      supervision, patient());
}

}  // namespace lightseed::tests

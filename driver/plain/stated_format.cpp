// SPDX-License-Identifier: Apache-2.0
#include "driver/plain/stated_format.h"

#include "driver/usb/device_kind.h"

namespace lightseed {

SampleFormat take_stated_format(SourceUri& uri) {
  SampleFormat format;
  format.bits = static_cast<unsigned>(uri.take_count("bits", 8, 1, 16));
  const unsigned natural = format.bits <= 8 ? 8 : 16;
  format.container_bits = static_cast<unsigned>(uri.take_count("container", natural, 1, 16));
  validate(format);
  return format;
}

void take_stated_samples(SourceUri& uri, SourceInfo& info) {
  info.format = take_stated_format(uri);
  info.claim = unassessed_claim(uri, 0.0, info.format.bits);
  uri.reject_unknown();
}

}  // namespace lightseed

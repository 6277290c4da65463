// SPDX-License-Identifier: Apache-2.0
#include "evidence/sample_format_json.h"

#include "core/error.h"

namespace lightseed {

Json to_json(const SampleFormat& format) {
  return Json{{"bits", format.bits}, {"container_bits", format.container_bits}, {"order", "msb-first"}};
}

SampleFormat sample_format_from(ObjectReader reader) {
  SampleFormat format;
  format.bits = static_cast<unsigned>(reader.count("bits", 1, 16));
  format.container_bits = static_cast<unsigned>(reader.count("container_bits", 1, 16));
  reader.literal("order", "msb-first");
  reader.finish();
  try {
    validate(format);
  } catch (const Error& error) {
    reader.fail("container_bits", error.what());
  }
  return format;
}

}  // namespace lightseed

// SPDX-License-Identifier: Apache-2.0
#include "evidence/input_record.h"

namespace lightseed {

Json to_json(const InputRecord& input) {
  Json json{{"file", input.file}, {"sha256", input.sha256}, {"bytes", input.bytes}, {"first", input.first}};
  if (!input.whole) json["whole"] = false;
  if (!input.kept_bits.empty()) json["kept_bits"] = input.kept_bits;
  if (input.format != "raw") json["format"] = input.format;
  return json;
}

}  // namespace lightseed

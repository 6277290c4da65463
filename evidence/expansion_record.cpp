// SPDX-License-Identifier: Apache-2.0
#include "evidence/expansion_record.h"

namespace lightseed {

Json to_json(const ExpansionRecord& record) {
  Json json{{"mode", record.mode}};
  if (record.mode == "none") return json;
  json["drbg"] = record.drbg;
  json["strength_bits"] = record.strength_bits;
  json["bytes"] = record.bytes;
  json["full_entropy_bytes"] = record.full_entropy_bytes;
  json["reseeds"] = record.reseeds;
  if (record.mode == "rbg2") json["bytes_per_seed"] = record.bytes_per_seed;
  return json;
}

ExpansionRecord expansion_record_from(ObjectReader reader) {
  ExpansionRecord record;
  record.mode = reader.text("mode");
  if (record.mode != "none") {
    record.drbg = reader.text("drbg");
    record.strength_bits = reader.count("strength_bits", 1, 1024);
    record.bytes = reader.count("bytes");
    record.full_entropy_bytes = reader.count("full_entropy_bytes");
    record.reseeds = reader.count("reseeds");
    if (record.mode == "rbg2") record.bytes_per_seed = reader.count("bytes_per_seed", 1);
  }
  reader.finish();
  return record;
}

}  // namespace lightseed

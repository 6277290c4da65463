// SPDX-License-Identifier: Apache-2.0
#include "evidence/source_info.h"

#include "evidence/sample_format_json.h"

namespace lightseed {

Json to_json(const SourceInfo& info) {
  return Json{{"uri", info.uri},
              {"driver", info.driver},
              {"model", info.model},
              {"serial", info.serial},
              {"firmware", info.firmware},
              {"provenance", name_of(info.provenance)},
              {"format", to_json(info.format)},
              {"claim", to_json(info.claim)},
              {"nominal_rate", info.nominal_rate},
              {"parameters", info.parameters}};
}

SourceInfo take_source_info(ObjectReader& reader) {
  static constexpr Provenance all[] = {Provenance::hardware, Provenance::recorded, Provenance::simulated};
  SourceInfo info;
  info.uri = reader.text("uri");
  info.driver = reader.text("driver");
  info.model = reader.text("model");
  info.serial = reader.text("serial");
  info.firmware = reader.text("firmware");
  info.provenance = take_enum(reader, "provenance", all);
  info.format = sample_format_from(reader.object("format"));
  info.claim = min_entropy_from(reader.object("claim"));
  info.nominal_rate = reader.number("nominal_rate", 0);
  info.parameters = reader.free_object("parameters");
  return info;
}

}  // namespace lightseed

#include "driver/source.h"

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

}  // namespace lightseed

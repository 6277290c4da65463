#include "driver/devices/file/file_source.h"
#include "driver/registry.h"

namespace lightseed {

void add_devices(SourceRegistry& registry) {
  registry.add(file_driver());
}

}  // namespace lightseed

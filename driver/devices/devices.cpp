#include "driver/devices/devices.h"

#include "driver/devices/file/file_source.h"
#include "driver/devices/quantis/quantis.h"

namespace lightseed {

const std::vector<DeviceKind>& device_kinds() {
  static const std::vector<DeviceKind> kinds{
      quantis_kind(),
  };
  return kinds;
}

void add_devices(SourceRegistry& registry) {
  for (const DeviceKind& kind : device_kinds())
    registry.add(usb_driver(kind));
  registry.add(file_driver());
}

}  // namespace lightseed

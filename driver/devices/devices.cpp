// SPDX-License-Identifier: Apache-2.0
#include "driver/devices/devices.h"

#include "driver/devices/bitbabbler/bitbabbler.h"
#include "driver/devices/chaoskey/chaoskey.h"
#include "driver/devices/comscire/comscire.h"
#include "driver/devices/infnoise/infnoise.h"
#include "driver/devices/onerng/onerng.h"
#include "driver/devices/qcicada/qcicada.h"
#include "driver/devices/quantis/quantis.h"
#include "driver/devices/rava/rava.h"
#include "driver/devices/truerng/truerng.h"
#include "driver/plain/command_source.h"
#include "driver/plain/dev_source.h"
#include "driver/plain/file_source.h"
#include "driver/plain/tty_source.h"
#include "driver/usb/usb_driver.h"

namespace lightseed {

const std::vector<DeviceKind>& device_kinds() {
  static const std::vector<DeviceKind> kinds{
      quantis_kind(),  comscire_kind(), rava_kind(),    infnoise_kind(), bitbabbler_kind(),
      chaoskey_kind(), onerng_kind(),   truerng_kind(), qcicada_kind(),
  };
  return kinds;
}

void add_devices(SourceRegistry& registry, const AssessmentCheck& check) {
  std::vector<DeviceKind> kinds = device_kinds();
  for (DeviceKind& kind : kinds)
    kind.check_assessment = check;
  // What no number tells apart is opened by its port alone: tty:PATH?driver=NAME.
  for (const DeviceKind& kind : kinds)
    if (!kind.matches.empty()) registry.add(usb_driver(kind));
  registry.add(tty_driver(kinds));
  registry.add(dev_driver());
  registry.add(command_driver());
  registry.add(file_driver());
}

}  // namespace lightseed

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "driver/switchable_light.h"

namespace lightseed {

/// Light that is switched for a while: it is as usual again afterwards, whatever happened.
class SwitchedLight {
 public:
  explicit SwitchedLight(SwitchableLight& light) : light_(light) {}
  ~SwitchedLight() {
    try {
      light_.set_light(1);
    } catch (...) {  // the device is gone: nobody is there to be told
    }
  }
  SwitchedLight(const SwitchedLight&) = delete;
  SwitchedLight& operator=(const SwitchedLight&) = delete;

  /// A part of the usual power.
  void set(double power) { light_.set_light(power); }

 private:
  SwitchableLight& light_;
};

}  // namespace lightseed

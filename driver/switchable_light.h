// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>

#include "core/json.h"

namespace lightseed {

/// How noise comes with light; a calibration fits it accordingly.
enum class LightNoise {
  /// Two detectors whose difference is taken: the mean stays, and shot noise adds a variance proportional to the power
  /// (balanced homodyne detection of the vacuum).
  balanced,
  /// Electrons are counted, with a gain: mean and variance rise together (an image sensor's photon transfer curve).
  counted,
};

/// What a source is as well when its light can be dimmed and blocked on demand: without that nobody can tell what part
/// of its noise is light. No source has to.
class SwitchableLight {
 public:
  virtual ~SwitchableLight() = default;
  /// Nothing: this one's light cannot be switched as it is set, or its noise follows no law of the list.
  [[nodiscard]] virtual std::optional<LightNoise> light_noise() const = 0;
  /// A part of the usual power, from 0 (dark) to 1 (usual): from the next start() on, and of a source that runs from
  /// the next read() on. What was under way when the light changed is not handed on. Throws Error(device).
  virtual void set_light(double power) = 0;
  /// What a calibration holds for: the settings that samples depend on, and which unit it is where there is no serial
  /// number.
  [[nodiscard]] virtual Json calibrated_settings() const = 0;

 protected:
  SwitchableLight() = default;
  SwitchableLight(const SwitchableLight&) = default;
  SwitchableLight& operator=(const SwitchableLight&) = default;
};

}  // namespace lightseed

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "driver/simulated/frame/photon_model.h"

namespace lightseed::simulated {

/// `sim:phase-noise?mode=pulsed&visibility=0.9`: codes of PhaseNoiseModel.
ModelKind phase_noise_kind();

}  // namespace lightseed::simulated

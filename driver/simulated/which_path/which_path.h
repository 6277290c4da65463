// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "driver/simulated/frame/photon_model.h"

namespace lightseed::simulated {

/// `sim:which-path?photons=0.2&split=0.5`: bits of WhichPathModel, eight a byte.
ModelKind which_path_kind();

}  // namespace lightseed::simulated

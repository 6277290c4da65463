// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "driver/simulated/frame/photon_model.h"

namespace lightseed::simulated {

/// `sim:photon-number?electrons=410&gain=1`: pixels of PhotonNumberModel, frame after frame. Sixteen kinds of pixels
/// stand for all differences of sensitivity and dark offset; which pixel is of which kind follows from the seed.
ModelKind photon_number_kind();

}  // namespace lightseed::simulated

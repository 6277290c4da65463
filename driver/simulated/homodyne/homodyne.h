// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "driver/simulated/frame/photon_model.h"

namespace lightseed::simulated {

/// `sim:homodyne?seed=42&qcnr_db=10&range=3.881&fault=laser_off@1000000`: codes of HomodyneModel.
ModelKind homodyne_kind();

}  // namespace lightseed::simulated

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "driver/simulated/frame/photon_model.h"

namespace lightseed::simulated {

/// `sim:arrival-time?encoding=counter&bits=8`: samples of ArrivalTimeModel.
ModelKind arrival_time_kind();

}  // namespace lightseed::simulated

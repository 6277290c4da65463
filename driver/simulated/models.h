// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "driver/registry.h"
#include "driver/simulated/frame/photon_model.h"

namespace lightseed::simulated {

/// Every photon model of driver/simulated/. New model: one folder there, one line in models.cpp.
const std::vector<ModelKind>& models();

/// Adds them all to a registry. This is a library of its own so that a production build can leave it out
/// (LIGHTSEED_SIMULATED=OFF).
void add_models(SourceRegistry& registry);

}  // namespace lightseed::simulated

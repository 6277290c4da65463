#pragma once

#include "driver/registry.h"

namespace lightseed::simulated {

/// Adds every photon model of driver/simulated/. New model: one folder there, one line in models.cpp.
/// This is a library of its own so that a production build can leave it out (LIGHTSEED_SIMULATED=OFF).
void add_models(SourceRegistry& registry);

}  // namespace lightseed::simulated

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>

#include "driver/simulated/frame/photon_model.h"
#include "stats/health/reference.h"

namespace lightseed::simulated {

/// What samples of the model look like while it has no fault: from its laws where it has some, otherwise from a million
/// samples of a twin of `model` with a stream of its own. `claim`: what model.analytic() claims, which takes a while to
/// work out. Nothing where the model's law changes in time, nothing may be claimed, or no samples come.
std::optional<health::Reference> healthy_reference(const PhotonModel& model, double claim, const ModelKind& kind,
                                                   const Parameters& parameters, std::uint64_t seed);

}  // namespace lightseed::simulated

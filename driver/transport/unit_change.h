// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>

#include "driver/source.h"

namespace lightseed {

/// What a device says of itself when it is opened again must be what it said first: else what was proved, assessed and
/// certified of the one is used for the other. The first member that differs, in words ("its firmware was '1.0' and is
/// '2.0'"); nothing when the two are the same unit in the same state.
///
/// Compared is all of SourceInfo but where the device is plugged in: the port, the node, the place on the bus.
std::optional<std::string> change_between(const SourceInfo& first, const SourceInfo& now);

/// What a source's samples depend on: its parameters without where it is plugged in and without what is fresh at each
/// opening (the answer to a challenge).
Json lasting_parameters(Json parameters);

}  // namespace lightseed

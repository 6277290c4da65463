// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/patience.h"

namespace lightseed {

/// Sleeps until `patience` ends: at its deadline, or when somebody asks to stop.
void pause(const Patience& patience);

}  // namespace lightseed

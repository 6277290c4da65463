// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "evidence/source_info.h"

namespace lightseed {

/// The sources in a pool, as the pool itself names them among its parameters. Throws Error(malformed) where it names
/// none.
std::vector<SourceInfo> members_of(const SourceInfo& pool);

}  // namespace lightseed

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>

#include "stats/audit/suite.h"

namespace lightseed::stats {

/// GM/T 0005 over sequences of a million bits unless told otherwise.
std::unique_ptr<SuiteRun> begin_gmt0005(const SuiteOptions& options);

}  // namespace lightseed::stats

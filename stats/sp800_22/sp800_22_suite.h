// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>

#include "stats/audit/suite.h"

namespace lightseed::stats {

/// SP 800-22 rev. 1a over sequences of a million bits unless told otherwise.
std::unique_ptr<SuiteRun> begin_sp800_22(const SuiteOptions& options);

}  // namespace lightseed::stats

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>

#include "stats/audit/suite.h"

namespace lightseed::stats {

/// FIPS 140-2's four tests on every block of 20,000 bits.
std::unique_ptr<SuiteRun> begin_fips140(const SuiteOptions& options);

}  // namespace lightseed::stats

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>

#include "stats/audit/suite.h"

namespace lightseed::stats {

/// AIS 31's procedures A and B, each on every piece of the stream that is long enough for it. The standard's own rule
/// looks at the first piece, and at the second where one trial fails.
std::unique_ptr<SuiteRun> begin_ais31_a(const SuiteOptions& options);
std::unique_ptr<SuiteRun> begin_ais31_b(const SuiteOptions& options);

/// The black-box suite of 2024 on the first trial's bits and those of its one repetition.
std::unique_ptr<SuiteRun> begin_ais31_2024(const SuiteOptions& options);

}  // namespace lightseed::stats

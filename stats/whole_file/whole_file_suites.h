// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>

#include "stats/audit/suite.h"

namespace lightseed::stats {

/// Tests of the stream as a whole, for biases too small for any one sequence: ones, bytes, and bits against those 1 to
/// 1024 places on. No standard's; the joint verdict alone judges them.
std::unique_ptr<SuiteRun> begin_pooled(const SuiteOptions& options);

/// The figures of John Walker's `ent`, which judge nothing.
std::unique_ptr<SuiteRun> begin_ent(const SuiteOptions& options);

}  // namespace lightseed::stats

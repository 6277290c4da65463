// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <vector>

#include "evidence/audit_record.h"

namespace lightseed::stats {

/// Holm's adjusted p-values, in the order given (Holm, "A simple sequentially rejective multiple test procedure",
/// 1979): valid whatever the dependence, so also for suites that ask the same thing of the same data.
std::vector<double> holm(std::span<const double> p);

/// Our joint verdict. Items of one test, such as 148 templates, are one group, whose p is that of its worst item times
/// their number; Holm's procedure runs over the groups of all suites. PASS, or below 1e-3 RETEST: fresh data once, and
/// rejection only when the same test is below 1e-3 again (a perfect source: one in a million). Below 1e-6 FAIL.
///
/// Sets each test's outcome. NOT RUN when no test of any suite was run.
AuditVerdict judge(std::vector<AuditSuite>& suites);

}  // namespace lightseed::stats

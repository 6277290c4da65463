// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "evidence/audit_record.h"

namespace lightseed::stats {

/// A report says something of what it is about: 1024 autocorrelations of a short text give it away. Of secret data it
/// must not, so one number a test is all that is left, to three digits, and there are this many bits at least: some
/// sixty numbers of ten bits or so are then less than one bit in a thousand of them.
inline constexpr std::uint64_t least_secret_bits = 1'000'000;

/// Takes out of a record every p-value, figure and statistic; of each test remain its outcome, how many blocks failed,
/// and its one p in the verdict, rounded. Suites that only describe the data go. Throws Error(not_enough_data) for
/// fewer than least_secret_bits.
void keep_one_number_a_test(AuditRecord& record);

}  // namespace lightseed::stats

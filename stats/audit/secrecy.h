// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <vector>

#include "evidence/audit_record.h"
#include "evidence/key_audit_record.h"

namespace lightseed::stats {

/// A report says something of what it is about: 1024 autocorrelations of a short text give it away. Of secret data it
/// must not, so one number a test is all that is left, to three digits, and there are this many bits at least: some
/// sixty numbers of ten bits or so are then less than one bit in a thousand of them.
inline constexpr std::uint64_t least_secret_bits = 1'000'000;

/// Takes out of a record every p-value, figure and statistic; of each test remain its outcome, how many blocks failed,
/// and its one p in the verdict, rounded. Suites that only describe the data go. Throws Error(not_enough_data) for
/// fewer than least_secret_bits.
void keep_one_number_a_test(AuditRecord& record);

/// A record that everybody may read, lasting as long as the keys, must say nothing to somebody who knows all keys but
/// one: with numbers beside it, a guess of that one could be put to the test. Outcomes alone say next to nothing. 999
/// of 1,000 batches have no other than PASS; one that has RETEST shows that its keys are among the 1 in 1,000 that
/// have, and in which test: ten to twenty bits about all of them together, so that there must be this many. Beyond that
/// a batch of a single sequence shows whether its walk comes back often enough for the tests of excursions, one bit.
inline constexpr std::uint64_t least_bits_for_outcomes = 20'000;

/// Of each test its outcome, and of one that was not run how many bits it needs; which is least_bits_for_outcomes at
/// least where the record is of fewer. Suites that only describe the data go.
std::vector<KeyAuditSuite> outcomes_alone(const AuditRecord& record);

}  // namespace lightseed::stats

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "evidence/faults.h"
#include "evidence/run_record.h"
#include "evidence/source_info.h"
#include "provision/certified_batch.h"

namespace lightseed {

/// Checks that hold for a certificate of any edition: what its facts say of each other. A lying signer chooses them
/// freely; these are the lies that contradict something else in the same certificate.

/// Identifiers, digests, dates and counts have their form, files and recipients fit the batch.
void check_batch(const CertifiedBatch& batch, Faults& faults);

/// What is said of an audit of the batch's own keys fits the batch and the plan of such audits (key_audit.h), and is no
/// FAIL.
void check_audit(const CertifiedBatch& batch, Faults& faults);

/// What of it a person should know: that it says RETEST, or that no test could be run.
void note_audit(const CertifiedBatch& batch, std::vector<std::string>& notices);

/// Provenance follows from the driver, or from the members of a pool; a claim is no larger than a sample.
void check_source(const SourceInfo& source, Faults& faults);

/// The second source of an extractor's seed is no other name for the source, and by its name no worse than that.
void check_seed_source(const ExtractorSeedRecord& seed, const SourceInfo& source, Faults& faults);

/// The statement made again from its records must be the one that was signed: member for member, and letter for letter
/// in `body`.
void check_same_text(const Json& again, const Json& given, std::string_view body, Faults& faults);

/// What happened in the run that a person should know although nothing is wrong with it: alarms that were survived,
/// recoveries, members that left a pool.
std::vector<std::string> notices_of(const RunRecord& run);

/// `text` is a moment as Lightseed writes it: 2026-11-20T19:30:00Z.
bool is_utc(std::string_view text) noexcept;

/// `text` is a SHA-256 in lower-case hexadecimal.
bool is_sha256(std::string_view text) noexcept;

}  // namespace lightseed

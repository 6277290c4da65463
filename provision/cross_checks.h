// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

#include "evidence/faults.h"
#include "evidence/source_info.h"
#include "provision/certified_batch.h"

namespace lightseed {

/// Checks that hold for a certificate of any edition: what its facts say of each other. A lying signer chooses them
/// freely; these are the lies that contradict something else in the same certificate.

/// Identifiers, digests, dates and counts have their form, files and recipients fit the batch.
void check_batch(const CertifiedBatch& batch, Faults& faults);

/// Provenance follows from the driver, or from the members of a pool; a claim is no larger than a sample.
void check_source(const SourceInfo& source, Faults& faults);

/// `text` is a moment as Lightseed writes it: 2026-11-20T19:30:00Z.
bool is_utc(std::string_view text) noexcept;

/// `text` is a SHA-256 in lower-case hexadecimal.
bool is_sha256(std::string_view text) noexcept;

}  // namespace lightseed

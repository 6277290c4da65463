// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <stop_token>
#include <string>

#include "crypto/recipient_key.h"
#include "crypto/trust.h"
#include "evidence/inclusion_record.h"
#include "provision/certified_batch.h"

namespace lightseed {

/// Proofs that one SIM's block is in a certified batch. Whoever holds a side's key makes one; whoever has the
/// certificate checks it, without a key or a key file. Who holds the SIM's keys sees that they are the ones meant: the
/// leaf is a hash of them.

/// Opens a side's files, in search of the SIM. Throws as open_batch() does; Error(usage) for a SIM that the batch does
/// not have.
InclusionRecord prove_inclusion(const std::filesystem::path& directory, const TrustAnchor& trust,
                                const RecipientKey& key, const std::string& iccid, std::stop_token stop = {});

/// Reads a proof. Throws Error(malformed), Error(io).
InclusionRecord read_inclusion_proof(const std::filesystem::path& path);

/// Why a proof does not show that its leaf is in the batch; empty: it does.
std::string fault_of_inclusion(const InclusionRecord& proof, const CertifiedBatch& batch);

}  // namespace lightseed

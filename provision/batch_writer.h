// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "provision/issue.h"
#include "provision/ledger/ledger.h"

namespace lightseed {

/// All keys of the order together, in bytes.
std::uint64_t key_bytes_of(const IssueRequest& request);

/// Which SIMs of the order have keys already.
KnownSims known_sims_of(const IssueRequest& request, Ledger& ledger);

/// What was asked for, as the ledger remembers it.
std::string request_text_of(const IssueRequest& request);

/// Makes the batch from its first block to its place. The caller holds the issuing lock and has tried everything that
/// can be tried before. Throws as issue() does.
IssueResult write_batch(const IssueRequest& request, const IssueServices& services, Ledger& ledger, KeyStream& keys);

}  // namespace lightseed

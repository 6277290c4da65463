// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "provision/issue.h"
#include "provision/ledger/ledger.h"

namespace lightseed {

/// All keys of the order together, in bytes.
std::uint64_t key_bytes_of(const IssueRequest& request);

/// How many SIMs' blocks go into one key file.
std::uint64_t blocks_a_file(const IssueRequest& request);

/// Which SIMs of the order have keys already. Asked in parts, so that an order of 10^7 SIMs is not held a second time
/// as texts; in large ones, for each part may make the ledger read all its lists of SIMs (allotment.h).
KnownSims known_sims_of(const IssueRequest& request, Ledger& ledger, std::size_t part = std::size_t{1} << 18);

/// What the source must give for the request; seed and callbacks are the caller's.
KeyStreamSettings run_settings(const IssueRequest& request);

/// What was asked for, as the ledger remembers it.
std::string request_text_of(const IssueRequest& request);

/// Makes the batch from its first block to its place. `top_ups` of its SIMs have keys already. The caller holds the
/// issuing lock and has tried everything that can be tried before. Throws as issue() does.
IssueResult write_batch(const IssueRequest& request, const IssueServices& services, Ledger& ledger,
                        std::uint64_t top_ups, KeyStream& keys);

}  // namespace lightseed

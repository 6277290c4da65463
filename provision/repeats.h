// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>

#include "provision/issue.h"
#include "provision/ledger/ledger.h"

namespace lightseed {

/// What was issued before, and whether it may be asked for again.

/// The batch's order was asked for in the same way. Throws Error(refused) with what differs.
void require_same_request(const BatchRecord& batch, const IssueRequest& request);

/// An order is cut one way, for ever: cut in another way its SIMs would look like those of a stranger's order. `parts`
/// of it are wanted now; 0: none, but one batch. Throws Error(refused) that says how it was cut.
void require_same_cut(Ledger& ledger, const std::string& order_id, std::uint64_t parts);

/// The files of a batch that was issued before, if they are what the ledger remembers and the same was asked for.
/// Throws Error(refused) with what differs: no second keys are made for one order id.
IssueResult issued_before(const BatchRecord& batch, const IssueRequest& request);

/// SIMs that have keys get more only when that was asked for: the same SIMs under another order id are a mistake far
/// more often than a wish. Throws Error(refused) naming the first few.
void require_new_sims(const IssueRequest& request, const KnownSims& known);

/// Where a batch appears: absolute, without a slash at its end. Throws Error(usage) for what is no name.
std::filesystem::path target_of(const std::filesystem::path& given);

}  // namespace lightseed

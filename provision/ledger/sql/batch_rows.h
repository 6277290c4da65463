// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "provision/ledger/ledger.h"
#include "provision/ledger/sql/database.h"

namespace lightseed {

/// What the tables `batch` and `block` say, as Ledger's methods of these names give it.

std::optional<BatchRecord> live_batch_in(SqlDatabase& database, const std::string& order_id);

/// Oldest first. Throws Error(refused) for a state that is none.
std::vector<BatchRecord> batches_in(SqlDatabase& database);

/// Throws Error(refused) for a state that is none.
std::vector<SimBlock> blocks_of_sim_in(SqlDatabase& database, const std::string& iccid);

std::vector<std::pair<BlockState, std::uint64_t>> block_counts_in(SqlDatabase& database, const std::string& batch);

}  // namespace lightseed

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "provision/ledger/allotment.h"
#include "provision/ledger/ledger.h"
#include "provision/ledger/sql/database.h"

namespace lightseed {

/// A condition on rows of `block`: they are of the batch that ?1 names, which is this one, being made. Where rows lie
/// in the order of their ids, the ones of such a batch lie side by side, and a walk over that range takes half as long
/// as one by the index over batches; whatever else is in it is left out.
std::string blocks_in_making(SqlDatabase& database, const std::string& batch);

struct BlocksFigures {
  std::uint64_t count = 0;
  std::string sha256;  ///< BlocksDigest
  Allotment allotment;
};

/// Reads all blocks of a batch.
BlocksFigures figures_of_blocks(SqlDatabase& database, const std::string& batch);
/// The same, of one that is being made.
BlocksFigures figures_of_blocks_in_making(SqlDatabase& database, const std::string& batch);

/// Enters blocks in state GENERATED; the charge of each, which is above `used_charges`. Throws Error(refused) for a
/// block id that is known.
std::vector<std::uint64_t> insert_blocks(SqlDatabase& database, const std::string& batch,
                                         std::span<const BlockEntry> blocks, std::uint64_t used_charges);

}  // namespace lightseed

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "provision/ledger/allotment.h"
#include "provision/ledger/ledger.h"
#include "provision/ledger/sql/database.h"

namespace lightseed {

struct BlocksFigures {
  std::uint64_t count = 0;
  std::string sha256;  ///< BlocksDigest
  Allotment allotment;
};

/// Reads all blocks of a batch.
BlocksFigures figures_of_blocks(SqlDatabase& database, const std::string& batch);

/// Enters blocks in state GENERATED; the charge of each, which is above `used_charges`. Throws Error(refused) for a
/// block id that is known.
std::vector<std::uint64_t> insert_blocks(SqlDatabase& database, const std::string& batch,
                                         std::span<const BlockEntry> blocks, std::uint64_t used_charges);

}  // namespace lightseed

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <functional>
#include <string_view>
#include <vector>

#include "provision/ledger/sql/database.h"

namespace lightseed {

/// Which of `count` SIMs may have a block in the ledger, ascending; the others have none. An order is mostly a range of
/// numbers that the ledger has never seen, and one look tells that of many SIMs: in the order of their numbers, the
/// next one that the ledger knows is behind them all.
std::vector<std::size_t> sims_that_may_have_blocks(SqlDatabase& database, std::size_t count,
                                                   const std::function<std::string_view(std::size_t)>& iccid);

}  // namespace lightseed

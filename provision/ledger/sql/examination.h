// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "provision/ledger/ledger.h"
#include "provision/ledger/sql/database.h"
#include "provision/ledger/sql/event_table.h"

namespace lightseed {

/// Replays the history and compares the tables of a ledger of this schema with what it leads to. One sentence a fault.
std::vector<std::string> faults_against_history(SqlDatabase& database, EventTable& events, std::int64_t schema,
                                                Depth depth);

}  // namespace lightseed

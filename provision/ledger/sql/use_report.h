// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <string>

#include "provision/ledger/life.h"
#include "provision/ledger/sql/database.h"
#include "provision/ledger/sql/event_table.h"

namespace lightseed {

/// Enters a report of used keys, as Ledger::use() says, inside the caller's transaction. All ranges are looked at
/// before one is entered: where one raises an alarm, the alarm alone is.
UseOutcome enter_use_report(SqlDatabase& database, EventTable& events, const std::string& report_sha256,
                            std::span<const UsedKeys> ranges);

/// The words of a range in the digest of its event.
std::string words_of_range(std::uint64_t first, std::uint64_t last);

}  // namespace lightseed

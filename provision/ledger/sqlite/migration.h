// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>

#include "provision/ledger/sqlite/database.h"
#include "provision/ledger/sqlite/ledger_file.h"

namespace lightseed {

/// Makes an empty file a ledger. The caller holds its lock. Throws Error(io).
void create_ledger(Database& database, const LedgerFile& file);

/// Brings a ledger of schema 1 to this version's, in one transaction, after copying it to LEDGER.schema1.backup (with a
/// number where that exists). Its batches are adopted into the history with the state they have. The caller holds the
/// lock. Returns the copy. Throws Error(io), and then the ledger is as it was.
std::filesystem::path migrate_ledger(const LedgerFile& file);

}  // namespace lightseed

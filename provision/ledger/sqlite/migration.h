// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <filesystem>

#include "evidence/ledger_record.h"
#include "provision/ledger/sqlite/database.h"
#include "provision/ledger/sqlite/ledger_file.h"

namespace lightseed {

/// Makes an empty file a ledger. The caller holds its lock. Throws Error(io).
void create_ledger(Database& database, const LedgerFile& file);

/// What a migration did.
struct Migration {
  std::int64_t from = 0;         ///< the schema before
  std::filesystem::path backup;  ///< what the ledger was
  LedgerPosition position;       ///< where its history ends now
};

/// Brings a ledger of an earlier schema to this version's, in one transaction, after copying it to
/// LEDGER.schemaN.backup (with a number where that exists). Batches of schema 1 are adopted into the history with the
/// state they have; allotments are made of the blocks as they are. The caller holds the lock, and has looked whether
/// the ledger is sound. Throws Error(io), and then the ledger is as it was.
Migration migrate_ledger(const LedgerFile& file);

/// Where a migration keeps what a ledger of that schema was; `.2` and so on stand behind it where that is taken.
std::string backup_name(const std::filesystem::path& ledger, std::int64_t schema);

/// Gives what a migration left free in the file back to the file system; where there is no room for that, it stays for
/// orders to come. The caller holds the lock.
void give_back_room(const LedgerFile& file);

}  // namespace lightseed

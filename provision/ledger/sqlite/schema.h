// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>

#include "provision/ledger/sql/schema_text.h"
#include "provision/ledger/sqlite/database.h"
#include "provision/ledger/sqlite/ledger_file.h"

namespace lightseed {

inline constexpr std::int64_t ledger_application_id = 0x4c534c47;  ///< "LSLG", in the header of the file

/// What a file is, found out without writing to it.
enum class LedgerKind {
  empty,    ///< no bytes: to be made a ledger
  current,  ///< of this version's schema
  older,    ///< of an earlier version's, to be migrated
};

/// Throws Error(refused) for a database of somebody else's, a newer schema, tables that are not ours to the letter,
/// and what is no database at all.
LedgerKind recognise(const LedgerFile& file);

/// Opens a ledger for reading, without making a file beside it.
Database open_for_reading(const LedgerFile& file);

/// A run that died in the middle of a change left a journal. Reading needs it undone, and only a writer can.
bool has_unfinished_change(const LedgerFile& file);

/// Undoes it, in a file whose header says that it is a ledger. Throws Error(io).
void finish_change(const LedgerFile& file);

/// Throws Error(refused) when tables, indexes, triggers or views are not those of the schema.
void require_schema(Database& database, std::int64_t version, const std::filesystem::path& path);

}  // namespace lightseed

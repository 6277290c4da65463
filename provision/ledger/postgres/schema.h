// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "provision/ledger/postgres/database.h"

namespace lightseed {

/// The first schema that was kept in PostgreSQL.
inline constexpr std::int64_t first_postgres_schema = 4;

/// What the tables are made with: schema_text() with PostgreSQL's types, and a table that says which schema they are.
/// Texts are compared byte by byte (COLLATE "C"), as SQLite does.
std::string postgres_schema_text(std::int64_t version);

/// All tables of a ledger, those that refer to others first.
std::vector<std::string> postgres_tables(std::int64_t version);

/// The version of the ledger in the session's schema; 0 where the schema is empty. Throws Error(refused) for tables of
/// somebody else, a newer version, and tables, columns, unique indexes, triggers or rules that are not a ledger's.
std::int64_t recognise_postgres(PostgresDatabase& database);

/// The same while nobody makes tables or takes them away: what is half there is not looked at. Outside of a
/// transaction.
std::int64_t recognise_postgres_at_rest(PostgresDatabase& database);

/// Whoever makes tables of the schema or takes them away does it alone, until the end of its transaction.
void lock_postgres_tables(PostgresDatabase& database);

/// Makes a ledger in an empty schema; inside a transaction, under its lock.
void create_postgres_ledger(PostgresDatabase& database, const std::string& place);

/// Brings a ledger of an earlier schema to this version's; the same.
void migrate_postgres_ledger(PostgresDatabase& database, std::int64_t from, const std::string& place);

}  // namespace lightseed

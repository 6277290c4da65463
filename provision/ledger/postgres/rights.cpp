// SPDX-License-Identifier: Apache-2.0
#include "provision/ledger/postgres/rights.h"

#include <fmt/format.h>

#include "core/error.h"

namespace lightseed {
namespace {

void require_changeable(PostgresDatabase& database) {
  if (database.text("SELECT current_setting('transaction_read_only')") == "off") return;
  throw Error(Category::refused,
              fmt::format("the ledger {} can only be read there: the server is a copy, or was set to "
                          "be read; name the server that takes changes",
                          database.name()));
}

}  // namespace

std::string place_of(PostgresDatabase& database) {
  return database.text(
      "SELECT 'PostgreSQL cluster ' || (SELECT system_identifier FROM pg_control_system()) || ', timeline ' || "
      "left(pg_walfile_name(pg_current_wal_lsn()), 8) || ', database ' || current_database() || ', schema ' || "
      "current_schema()");
}

std::string address_of(PostgresDatabase& database) {
  return fmt::format("{} {}", database.name(), database.text("SELECT current_schema()::text"));
}

void require_right_to_change(PostgresDatabase& database) {
  require_changeable(database);
  const std::string missing = database.text(
      "SELECT string_agg(r.what || ' on ' || c.relname, ', ' ORDER BY c.relname, r.what) FROM pg_class c, "
      "(VALUES ('SELECT'), ('INSERT'), ('UPDATE')) AS r (what) WHERE c.relkind = 'r' AND "
      "c.relnamespace = quote_ident(current_schema())::regnamespace AND NOT has_table_privilege(c.oid, r.what) AND "
      "(r.what <> 'UPDATE' OR c.relname IN ('ledger', 'batch', 'block', 'outbox'))");
  if (missing.empty()) return;
  throw Error(Category::refused,
              fmt::format("user {} may not issue from the ledger {}: the rights {} are missing; its owner grants them "
                          "(GRANT SELECT, INSERT, UPDATE ON ALL TABLES IN SCHEMA {} TO {})",
                          database.connection().user(), database.name(), missing,
                          database.text("SELECT quote_ident(current_schema())"), database.connection().user()));
}

void require_right_to_make(PostgresDatabase& database) {
  require_changeable(database);
  if (database.number("SELECT has_schema_privilege(current_schema()::text, 'CREATE')") == 1) return;
  throw Error(Category::refused,
              fmt::format("user {} may not make a ledger in {}: the right CREATE on schema {} is missing; the owner of "
                          "the database makes a schema for it (CREATE SCHEMA lightseed AUTHORIZATION {})",
                          database.connection().user(), database.name(), database.text("SELECT current_schema()::text"),
                          database.connection().user()));
}

void require_ownership(PostgresDatabase& database) {
  const std::string owners = database.text(
      "SELECT string_agg(DISTINCT pg_get_userbyid(relowner), ', ') FROM pg_class WHERE relkind = 'r' AND "
      "relnamespace = quote_ident(current_schema())::regnamespace AND NOT pg_has_role(relowner, 'USAGE')");
  if (owners.empty()) return;
  throw Error(
      Category::refused,
      fmt::format("the ledger {} is of an older version, and its tables belong to {}: issue from it as that user "
                  "once, which brings it up to date",
                  database.name(), owners));
}

}  // namespace lightseed

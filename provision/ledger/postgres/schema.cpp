// SPDX-License-Identifier: Apache-2.0
#include "provision/ledger/postgres/schema.h"

#include <fmt/format.h>

#include <algorithm>
#include <regex>

#include "core/error.h"
#include "core/system_random.h"
#include "provision/ledger/sql/event_table.h"
#include "provision/ledger/sql/outbox_table.h"
#include "provision/ledger/sql/schema_text.h"

namespace lightseed {
namespace {

constexpr const char* version_table = "CREATE TABLE ledger_schema (\n  version INTEGER PRIMARY KEY\n);\n";

std::string replaced(std::string text, std::string_view from, std::string_view to) {
  for (std::size_t at = 0; (at = text.find(from, at)) != std::string::npos; at += to.size())
    text.replace(at, from.size(), to);
  return text;
}

std::string translated(std::string text) {
  for (const auto& [from, to] :
       {std::pair(" STRICT, WITHOUT ROWID;", ";"), std::pair(" STRICT;", ";"), std::pair(" BLOB", " BYTEA"),
        std::pair(" INTEGER", " BIGINT"), std::pair(" TEXT", " TEXT COLLATE \"C\"")})
    text = replaced(std::move(text), from, to);
  return text;
}

std::vector<std::string> matches_of(const std::string& text, const char* pattern) {
  const std::regex form(pattern);
  std::vector<std::string> all;
  for (auto found = std::sregex_iterator(text.begin(), text.end(), form); found != std::sregex_iterator(); ++found)
    all.push_back((*found)[1]);
  return all;
}

/// One line for each column, and how many unique indexes there are, table by table; by the text that made them.
std::vector<std::string> expected_lines(std::int64_t version) {
  const std::string text = postgres_schema_text(version);
  const std::regex column(R"(\n  (\w+) (TEXT|BIGINT|BYTEA))");
  std::vector<std::string> lines;
  for (const std::string& table : postgres_tables(version)) {
    const auto begin = text.find(fmt::format("CREATE TABLE {} (", table));
    const std::string body = text.substr(begin, text.find("\n);", begin) - begin);
    for (auto found = std::sregex_iterator(body.begin(), body.end(), column); found != std::sregex_iterator();
         ++found) {
      std::string type = (*found)[2];
      std::ranges::transform(type, type.begin(), [](char c) { return static_cast<char>(c | 0x20); });
      lines.push_back(fmt::format("{}.{} {}", table, (*found)[1].str(), type));
    }
    const auto unique = matches_of(body, "(PRIMARY KEY|UNIQUE)").size() +
                        matches_of(text, fmt::format("(CREATE UNIQUE INDEX) \\w+ ON {} ", table).c_str()).size();
    lines.push_back(fmt::format("{} unique {}", table, unique));
  }
  std::ranges::sort(lines);
  return lines;
}

std::vector<std::string> found_lines(PostgresDatabase& database) {
  auto query = database.prepare(
      "SELECT c.relname || '.' || a.attname || ' ' || format_type(a.atttypid, a.atttypmod) FROM pg_class c "
      "JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped "
      "WHERE c.relkind = 'r' AND c.relnamespace = quote_ident(current_schema())::regnamespace "
      "UNION ALL "
      "SELECT c.relname || ' unique ' || count(i.indexrelid) FILTER (WHERE i.indisunique AND i.indisvalid AND "
      "i.indislive) FROM pg_class c LEFT JOIN pg_index i ON i.indrelid = c.oid "
      "WHERE c.relkind = 'r' AND c.relnamespace = quote_ident(current_schema())::regnamespace GROUP BY c.relname "
      "UNION ALL "
      "SELECT 'trigger ' || t.tgname FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid "
      "WHERE (NOT t.tgisinternal OR t.tgenabled <> 'O') AND c.relnamespace = "
      "quote_ident(current_schema())::regnamespace "
      "UNION ALL "
      "SELECT 'rule or view ' || r.rulename FROM pg_rewrite r JOIN pg_class c ON c.oid = r.ev_class "
      "WHERE c.relnamespace = quote_ident(current_schema())::regnamespace "
      "UNION ALL "
      "SELECT 'row security of ' || c.relname FROM pg_class c WHERE (c.relrowsecurity OR NOT c.relpersistence = 'p') "
      "AND c.relkind = 'r' AND c.relnamespace = quote_ident(current_schema())::regnamespace");
  std::vector<std::string> lines;
  while (query.step())
    lines.push_back(query.text(0));
  std::ranges::sort(lines);
  return lines;
}

void require_schema(PostgresDatabase& database, std::int64_t version) {
  const std::vector<std::string> expected = expected_lines(version);
  const std::vector<std::string> found = found_lines(database);
  if (expected == found) return;
  std::vector<std::string> differences;
  std::ranges::set_symmetric_difference(expected, found, std::back_inserter(differences));
  throw Error(Category::refused,
              fmt::format("the ledger {} was changed by something else: its tables, indexes, triggers or rules are not "
                          "those of schema {} ({}); put it back from a copy",
                          database.name(), version, differences.front()));
}

void insert_version(PostgresDatabase& database) {
  database.execute("DELETE FROM ledger_schema");
  database.prepare("INSERT INTO ledger_schema (version) VALUES (?)").bind(1, ledger_schema_version).run();
}

/// From a schema before first_schema_with_batch_numbers: batches get their numbers in the order they began in, and
/// blocks and deliveries name them by those. The columns are changed in place, so that rights on the tables stay; each
/// table is written anew in one go, with the numbers at hand as one value, because no query may stand there. A row of
/// no batch would get none, which the column refuses.
/// The walks of the examination before are over, and their cursors would keep the tables from being changed.
constexpr const char* number_batches = R"sql(
CLOSE ALL;
ALTER TABLE batch ADD COLUMN number BIGINT;
UPDATE batch SET number = o.number
  FROM (SELECT id, row_number() OVER (ORDER BY created, id) AS number FROM batch) AS o WHERE o.id = batch.id;
ALTER TABLE batch ALTER COLUMN number SET NOT NULL, ADD UNIQUE (number);
DO $$
DECLARE
  numbers TEXT := (SELECT coalesce(jsonb_object_agg(id, number), '{}')::text FROM batch);
  name TEXT;
BEGIN
  FOREACH name IN ARRAY ARRAY['block', 'delivery'] LOOP
    EXECUTE format('ALTER TABLE %I DROP CONSTRAINT %I', name, name || '_batch_fkey');
    EXECUTE format('ALTER TABLE %I ALTER COLUMN batch TYPE BIGINT USING (%L::jsonb ->> batch)::bigint', name, numbers);
    EXECUTE format('ALTER TABLE %I ADD FOREIGN KEY (batch) REFERENCES batch (number)', name);
  END LOOP;
END $$;
)sql";

/// Of the advisory lock: one for each schema.
constexpr const char* tables_key = "hashtextextended('lightseed ' || current_schema(), 0)";

}  // namespace

std::string postgres_schema_text(std::int64_t version) {
  return translated(schema_text(version) + version_table);
}

std::vector<std::string> postgres_tables(std::int64_t version) {
  std::vector<std::string> tables = matches_of(postgres_schema_text(version), R"(CREATE TABLE (\w+) )");
  std::ranges::reverse(tables);
  return tables;
}

void lock_postgres_tables(PostgresDatabase& database) {
  database.execute(fmt::format("SELECT pg_advisory_xact_lock({})", tables_key));
}

std::int64_t recognise_postgres_at_rest(PostgresDatabase& database) {
  database.execute(fmt::format("SELECT pg_advisory_lock_shared({})", tables_key));
  const std::int64_t schema = recognise_postgres(database);  // where it throws, the session ends, and the lock with it
  database.execute(fmt::format("SELECT pg_advisory_unlock_shared({})", tables_key));
  return schema;
}

std::int64_t recognise_postgres(PostgresDatabase& database) {
  const std::string schema = database.text("SELECT current_schema()::text");
  const std::int64_t relations = database.number(
      "SELECT count(*) FROM pg_class WHERE relnamespace = quote_ident(current_schema())::regnamespace AND relkind <> "
      "'i'");
  if (relations == 0) return 0;
  const bool ours =
      database.number(
          "SELECT count(*) FROM pg_class WHERE relnamespace = quote_ident(current_schema())::regnamespace AND "
          "relkind = 'r' AND relname IN ('ledger_schema', 'ledger')") == 2;
  if (!ours) {
    throw Error(
        Category::refused,
        fmt::format("the schema {} of {} is no ledger of Lightseed: it belongs to another program, and nothing in "
                    "it was changed; give the ledger a database or a schema of its own",
                    schema, database.name()));
  }
  const std::int64_t version = database.number("SELECT coalesce(max(version), 0) FROM ledger_schema");
  if (version > ledger_schema_version) {
    throw Error(Category::refused, fmt::format("the ledger {} has schema {}, this version knows up to {}; use the "
                                               "version that wrote it, or a newer one",
                                               database.name(), version, ledger_schema_version));
  }
  if (version < first_postgres_schema) {
    throw Error(Category::refused,
                fmt::format("the ledger {} says that it has schema {}, which none in PostgreSQL had: "
                            "it was changed by something else",
                            database.name(), version));
  }
  require_schema(database, version);
  return version;
}

void create_postgres_ledger(PostgresDatabase& database, const std::string& place) {
  const std::string id = uuid_v7();
  database.execute(postgres_schema_text(ledger_schema_version));
  insert_version(database);
  database.prepare("INSERT INTO ledger (id, created, place) VALUES (?, ?, ?)")
      .bind(1, id)
      .bind(2, ledger_moment())
      .bind(3, place)
      .run();
  EventTable(database, id).append({.what = event_names::created, .subject = place});
}

void migrate_postgres_ledger(PostgresDatabase& database, std::int64_t from, const std::string& place) {
  if (from < first_schema_with_batch_numbers) database.execute(number_batches);
  database.execute(translated(schema_additions(from)));
  insert_version(database);
  database.expect_schema(ledger_schema_version);
  EventTable events(database, database.text("SELECT id FROM ledger"));
  events.append({.what = event_names::migrated, .subject = place});
  if (from < first_schema_with_outbox) OutboxTable(database, events).adopt();
}

}  // namespace lightseed

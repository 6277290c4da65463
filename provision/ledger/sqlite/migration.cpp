// SPDX-License-Identifier: Apache-2.0
#include "provision/ledger/sqlite/migration.h"

#include <fmt/format.h>

#include "core/atomic_file.h"
#include "core/error.h"
#include "core/system_random.h"
#include "provision/ledger/sql/allotment_table.h"
#include "provision/ledger/sql/blocks.h"
#include "provision/ledger/sql/event_table.h"
#include "provision/ledger/sql/outbox_table.h"
#include "provision/ledger/sqlite/backup.h"
#include "provision/ledger/sqlite/schema.h"

namespace lightseed {
namespace {

/// A new, empty file beside the ledger that nobody else can read.
std::filesystem::path new_backup_file(const std::filesystem::path& ledger, std::int64_t schema) {
  for (int number = 1;; ++number) {
    const std::string path = backup_name(ledger, schema) + (number == 1 ? "" : fmt::format(".{}", number));
    if (make_private_file(path)) return path;
  }
}

/// Tables, names and the first row. Inside a transaction.
EventTable begin_ledger(Database& database, const LedgerFile& file) {
  const std::string id = uuid_v7();
  database.execute(schema_text(ledger_schema_version));
  database.prepare("INSERT INTO ledger (id, created, place) VALUES (?, ?, ?)")
      .bind(1, id)
      .bind(2, ledger_moment())
      .bind(3, file.place())
      .run();
  database.execute(
      fmt::format("PRAGMA application_id={}; PRAGMA user_version={}", ledger_application_id, ledger_schema_version));
  return {database, id};
}

/// One event for each batch of the old schema, with the digest of its blocks.
void adopt_batches(Database& database, EventTable& events) {
  auto query = database.prepare("SELECT id, state FROM batch ORDER BY created, id");
  while (query.step()) {
    const std::string batch = query.text(0);
    const BlocksFigures blocks = figures_of_blocks(database, batch);
    events.append({.what = event_names::adopted,
                   .batch = batch,
                   .subject = query.text(1),
                   .blocks = blocks.count,
                   .blocks_sha256 = blocks.sha256});
  }
}

/// The SIMs of every batch that was certified.
void allot_batches(Database& database, EventTable& events) {
  auto query = database.prepare("SELECT id FROM batch WHERE state IN ('CERTIFIED', 'ISSUED') ORDER BY created, id");
  while (query.step()) {
    const std::string batch = query.text(0);
    const BlocksFigures blocks = figures_of_blocks(database, batch);
    const std::string digest = AllotmentTable(database).add(batch, blocks.allotment);
    events.append({.what = event_names::allotted, .batch = batch, .subject = digest, .blocks = blocks.count});
  }
}

// Renaming would rewrite the words of the tables, which are compared to the letter; so batches, blocks and deliveries
// are read from the backup, which was made a moment ago and is attached as `was`, into tables made anew.

void drop_batch_tables(Database& database) {
  database.execute("DROP TABLE main.delivery; DROP TABLE main.block; DROP TABLE main.batch");
}

/// Batches get their numbers in the order they began in. A block of no batch would get none, which its table refuses.
void fill_batch_tables(Database& database) {
  database.execute(
      "INSERT INTO main.batch (id, number, order_id, request, state, directory, purpose, certificate_sha256, created, "
      "changed) SELECT id, row_number() OVER (ORDER BY created, id), order_id, request, state, directory, purpose, "
      "certificate_sha256, created, changed FROM was.batch;"
      "INSERT INTO main.block (id, batch, iccid, charge, file, state) SELECT id, (SELECT number FROM main.batch AS b "
      "WHERE b.id = before.batch), iccid, charge, file, state FROM was.block AS before ORDER BY id;"
      "INSERT INTO main.delivery (block, batch) SELECT block, (SELECT number FROM main.batch AS b WHERE b.id = "
      "before.batch) FROM was.delivery AS before ORDER BY block");
}

/// From schema 1, which had no history. Inside a transaction.
EventTable rebuild(Database& database, const LedgerFile& file) {
  drop_batch_tables(database);
  EventTable events = begin_ledger(database, file);
  fill_batch_tables(database);
  events.append({.what = event_names::migrated, .subject = file.place()});
  adopt_batches(database, events);
  return events;
}

/// From a schema with a history: tables are added, and those that name batches by their numbers made anew. Inside a
/// transaction.
EventTable extend(Database& database, const LedgerFile& file, std::int64_t from) {
  if (from < first_schema_with_batch_numbers) {
    drop_batch_tables(database);
    database.execute(batch_tables_text());
    fill_batch_tables(database);
  }
  database.execute(schema_additions(from));
  database.execute(fmt::format("PRAGMA user_version={}", ledger_schema_version));
  auto query = database.prepare("SELECT id FROM ledger");
  if (!query.step()) throw Error(Category::refused, fmt::format("the ledger {} has no id", file.path().string()));
  EventTable events(database, query.text(0));
  events.append({.what = event_names::migrated, .subject = file.place()});
  return events;
}

}  // namespace

std::string backup_name(const std::filesystem::path& ledger, std::int64_t schema) {
  return fmt::format("{}.schema{}.backup", ledger.string(), schema);
}

void create_ledger(Database& database, const LedgerFile& file) {
  database.transaction(
      [&] { begin_ledger(database, file).append({.what = event_names::created, .subject = file.place()}); });
  sync_directory(file.path().parent_path());
}

Migration migrate_ledger(const LedgerFile& file) {
  Migration done;
  {
    Database database(file.path(), Database::Mode::write);
    done.from = database.number("PRAGMA user_version");
    done.backup = new_backup_file(file.path(), done.from);
    database.back_up_to(done.backup);
  }
  sync_directory(file.path().parent_path());

  Database database(file.path(), Database::Mode::write);
  database.execute("PRAGMA foreign_keys=OFF");
  database.prepare("ATTACH DATABASE ? AS was").bind(1, done.backup.string()).run();
  database.transaction([&] {
    EventTable events =
        done.from < first_schema_with_history ? rebuild(database, file) : extend(database, file, done.from);
    if (done.from < first_schema_with_allotments) allot_batches(database, events);
    if (done.from < first_schema_with_outbox) OutboxTable(database, events).adopt();
    const LedgerEvent last = events.last();
    done.position = {.ledger_id = events.ledger_id(), .sequence = last.sequence, .chain_head = last.digest};
  });
  return done;
}

void give_back_room(const LedgerFile& file) {
  try {
    Database(file.path(), Database::Mode::write).execute("VACUUM");
  } catch (const Error&) {
    // It takes as much room again as the ledger, for a while. The ledger is whole either way.
    return;
  }
}

}  // namespace lightseed

// SPDX-License-Identifier: Apache-2.0
#include "provision/ledger/sqlite/schema.h"

#include <fmt/format.h>

#include <vector>

#include "core/error.h"

namespace lightseed {
namespace {

// delivery's primary key is the promise "at most once"; the partial index is the promise "one live batch an order".
constexpr const char* schema_2 = R"sql(
CREATE TABLE ledger (
  id TEXT PRIMARY KEY,
  created TEXT NOT NULL,
  place TEXT NOT NULL
) STRICT;
CREATE TABLE event (
  sequence INTEGER PRIMARY KEY,
  moment TEXT NOT NULL,
  what TEXT NOT NULL,
  batch TEXT NOT NULL,
  subject TEXT NOT NULL,
  blocks INTEGER NOT NULL,
  blocks_sha256 TEXT NOT NULL,
  previous_digest TEXT NOT NULL UNIQUE,
  digest TEXT NOT NULL UNIQUE
) STRICT;
CREATE TABLE batch (
  id TEXT PRIMARY KEY,
  order_id TEXT NOT NULL,
  request TEXT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('GENERATED', 'CERTIFIED', 'ISSUED', 'BURNED')),
  directory TEXT NOT NULL,
  purpose TEXT NOT NULL DEFAULT '',
  certificate_sha256 TEXT NOT NULL DEFAULT '',
  created TEXT NOT NULL,
  changed TEXT NOT NULL
) STRICT;
CREATE UNIQUE INDEX one_live_batch_per_order ON batch (order_id) WHERE state <> 'BURNED';
CREATE TABLE block (
  id BLOB PRIMARY KEY,
  batch TEXT NOT NULL REFERENCES batch (id),
  iccid TEXT NOT NULL,
  charge INTEGER NOT NULL,
  file INTEGER NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('GENERATED', 'CERTIFIED', 'ISSUED', 'BURNED')),
  UNIQUE (iccid, charge)
) STRICT, WITHOUT ROWID;
CREATE INDEX block_by_batch ON block (batch);
CREATE TABLE delivery (
  block BLOB PRIMARY KEY REFERENCES block (id),
  batch TEXT NOT NULL REFERENCES batch (id)
) STRICT, WITHOUT ROWID;
)sql";

// What schema 3 adds to schema 2: a batch's SIMs as its history vouches for them (provision/ledger/allotment.h).
constexpr const char* allotment_tables = R"sql(
CREATE TABLE allotment (
  batch TEXT PRIMARY KEY REFERENCES batch (id),
  pages BLOB NOT NULL
) STRICT;
CREATE TABLE allotment_page (
  batch TEXT NOT NULL REFERENCES allotment (batch),
  page INTEGER NOT NULL,
  entries BLOB NOT NULL,
  PRIMARY KEY (batch, page)
) STRICT;
)sql";

// What schema 4 adds to schema 3: what became of blocks once their batch was issued (provision/ledger/life.h). Each row
// names the event that tells of it.
constexpr const char* life_tables = R"sql(
CREATE TABLE answer (
  batch TEXT NOT NULL REFERENCES batch (id),
  outlet TEXT NOT NULL,
  receipt_sha256 TEXT NOT NULL UNIQUE,
  leaves_sha256 TEXT NOT NULL,
  event INTEGER NOT NULL REFERENCES event (sequence),
  PRIMARY KEY (batch, outlet)
) STRICT;
CREATE TABLE ending (
  block BLOB PRIMARY KEY REFERENCES block (id),
  batch TEXT NOT NULL REFERENCES batch (id),
  state TEXT NOT NULL CHECK (state IN ('REJECTED', 'REVOKED')),
  event INTEGER NOT NULL REFERENCES event (sequence)
) STRICT, WITHOUT ROWID;
CREATE INDEX ending_by_event ON ending (event);
CREATE INDEX ending_by_batch ON ending (batch, state);
CREATE TABLE used (
  block BLOB NOT NULL REFERENCES block (id),
  first INTEGER NOT NULL CHECK (first >= 0),
  last INTEGER NOT NULL CHECK (last >= first),
  batch TEXT NOT NULL REFERENCES batch (id),
  event INTEGER NOT NULL REFERENCES event (sequence),
  PRIMARY KEY (block, first)
) STRICT, WITHOUT ROWID;
CREATE INDEX used_by_event ON used (event);
CREATE INDEX used_by_batch ON used (batch, block);
CREATE TABLE destruction (
  batch TEXT PRIMARY KEY REFERENCES batch (id),
  record_sha256 TEXT NOT NULL,
  event INTEGER NOT NULL REFERENCES event (sequence)
) STRICT;
)sql";

constexpr const char* schema_1 = R"sql(
CREATE TABLE batch (
  id TEXT PRIMARY KEY,
  order_id TEXT NOT NULL,
  request TEXT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('GENERATED', 'CERTIFIED', 'ISSUED', 'BURNED')),
  directory TEXT NOT NULL,
  staging TEXT NOT NULL,
  purpose TEXT NOT NULL DEFAULT '',
  certificate_sha256 TEXT NOT NULL DEFAULT '',
  created TEXT NOT NULL,
  changed TEXT NOT NULL
) STRICT;
CREATE UNIQUE INDEX one_live_batch_per_order ON batch (order_id) WHERE state <> 'BURNED';
CREATE TABLE block (
  id BLOB PRIMARY KEY,
  batch TEXT NOT NULL REFERENCES batch (id),
  iccid TEXT NOT NULL,
  charge INTEGER NOT NULL,
  file INTEGER NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('GENERATED', 'CERTIFIED', 'ISSUED', 'BURNED')),
  UNIQUE (iccid, charge)
) STRICT, WITHOUT ROWID;
CREATE INDEX block_by_batch ON block (batch);
CREATE TABLE delivery (
  block BLOB PRIMARY KEY REFERENCES block (id),
  batch TEXT NOT NULL REFERENCES batch (id)
) STRICT, WITHOUT ROWID;
)sql";

/// Every object of a database's schema with the words it was made with.
std::vector<std::string> objects_of(Database& database) {
  auto query =
      database.prepare("SELECT type, name, tbl_name, coalesce(sql, '') FROM sqlite_schema ORDER BY type, name");
  std::vector<std::string> objects;
  while (query.step())
    objects.push_back(fmt::format("{} {} on {}: {}", query.text(0), query.text(1), query.text(2), query.text(3)));
  return objects;
}

bool has_schema(Database& database, std::int64_t version) {
  Database ours = Database::in_memory();
  ours.execute(schema_text(version));
  return objects_of(database) == objects_of(ours);
}

Error foreign(const std::filesystem::path& path) {
  return Error(Category::refused,
               fmt::format("{} is no ledger of Lightseed: it belongs to another program, and nothing "
                           "in it was changed; name another file",
                           path.string()));
}

/// A journal that holds more than the file does.
bool has_journal(const std::filesystem::path& path, const char* ending) {
  std::error_code error;
  const auto size = std::filesystem::file_size(path.string() + ending, error);
  return !error && size > 0;
}

}  // namespace

std::string schema_text(std::int64_t version) {
  if (version == oldest_schema_version) return schema_1;
  std::string text = schema_2;
  if (version >= first_schema_with_allotments) text += allotment_tables;
  if (version >= first_schema_with_lives) text += life_tables;
  return text;
}

std::string schema_additions(std::int64_t from) {
  std::string text;
  if (from < first_schema_with_allotments) text += allotment_tables;
  if (from < first_schema_with_lives) text += life_tables;
  return text;
}

void require_schema(Database& database, std::int64_t version, const std::filesystem::path& path) {
  if (has_schema(database, version)) return;
  throw Error(Category::refused,
              fmt::format("the ledger {} was changed by something else: its tables, indexes, triggers "
                          "or views are not those of schema {}; put it back from a copy",
                          path.string(), version));
}

Database open_for_reading(const LedgerFile& file) {
  // Schema 1 used a write-ahead log, and reading one makes files beside it. Without a log the file is all there is.
  const std::string head = file.head();
  const bool written_ahead = head.size() > 18 && head[18] == 2;
  const bool alone = written_ahead && !has_journal(file.path(), "-wal");
  return {file.path(), alone ? Database::Mode::immutable : Database::Mode::read};
}

bool has_unfinished_change(const LedgerFile& file) {
  return has_journal(file.path(), "-journal") || has_journal(file.path(), "-wal");
}

void finish_change(const LedgerFile& file) {
  constexpr std::size_t application_at = 68;  // in the header of the file, big-endian
  const std::string head = file.head();
  if (!has_unfinished_change(file) || head.size() < application_at + 4) return;
  std::int64_t application = 0;
  for (std::size_t i = 0; i < 4; ++i)
    application = application << 8 | static_cast<unsigned char>(head[application_at + i]);
  if (application != ledger_application_id) return;
  // Whoever reads for writing first undoes what was not committed.
  (void)Database(file.path(), Database::Mode::write).number("SELECT count(*) FROM sqlite_schema");
}

LedgerKind recognise(const LedgerFile& file) {
  const std::string head = file.head();
  if (head.empty()) return LedgerKind::empty;
  // The text is followed by a zero byte.
  if (!head.starts_with(std::string("SQLite format 3") + '\0')) throw foreign(file.path());
  Database database = open_for_reading(file);
  const std::int64_t application = database.number("PRAGMA application_id");
  const std::int64_t version = database.number("PRAGMA user_version");
  if (application == 0 && version == oldest_schema_version && has_schema(database, version)) return LedgerKind::older;
  if (application != ledger_application_id) throw foreign(file.path());
  if (version > ledger_schema_version) {
    throw Error(Category::refused, fmt::format("the ledger {} has schema {}, this version knows up to {}; use the "
                                               "version that wrote it, or a newer one",
                                               file.path().string(), version, ledger_schema_version));
  }
  require_schema(database, version, file.path());
  return version == ledger_schema_version ? LedgerKind::current : LedgerKind::older;
}

}  // namespace lightseed

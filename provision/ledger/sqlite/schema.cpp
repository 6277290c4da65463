// SPDX-License-Identifier: Apache-2.0
#include "provision/ledger/sqlite/schema.h"

#include <fmt/format.h>

#include <vector>

#include "core/error.h"

namespace lightseed {
namespace {

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

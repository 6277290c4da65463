// SPDX-License-Identifier: Apache-2.0
#include "provision/ledger/sqlite/database.h"

#include <fmt/format.h>
#include <sqlite3.h>

#include <utility>

#include "core/error.h"
#include "provision/ledger/sqlite/statement.h"

namespace lightseed {
namespace {

/// The one URI that SQLite ever sees; every byte that could mean something in it is escaped.
std::string immutable_uri(const std::string& path) {
  std::string uri = "file:";
  for (const char c : path) {
    const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '/' ||
                       c == '.' || c == '-' || c == '_';
    uri += plain ? std::string(1, c) : fmt::format("%{:02x}", static_cast<unsigned char>(c));
  }
  return uri + "?immutable=1";
}

}  // namespace

void Database::Close::operator()(sqlite3* database) const noexcept {
  sqlite3_close_v2(database);
}

Database::Database(const std::filesystem::path& path, Mode mode) : path_(path.string()) {
  if (mode == Mode::immutable) {
    open(immutable_uri(path_), SQLITE_OPEN_READONLY | SQLITE_OPEN_URI);
    return;
  }
  if (mode == Mode::read) {
    open(path_, SQLITE_OPEN_READONLY | SQLITE_OPEN_NOFOLLOW);
    return;
  }
  open(path_, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOFOLLOW);
  // A rollback journal, not WAL: between two changes the one file is the whole ledger, to copy and to read anywhere.
  // EXTRA also syncs the directory when the journal goes: without it, a power cut could undo the last commit.
  // Other runs are kept out by the ledger's lock; who still holds a change up is reading. A batch that is being made
  // outwaits the check of a large ledger, rather than be burned. The cache bounds what SQLite sorts in, too.
  sqlite3_busy_timeout(database_.get(), 300'000);
  execute("PRAGMA journal_mode=DELETE; PRAGMA synchronous=EXTRA; PRAGMA foreign_keys=ON; PRAGMA cache_size=-16384");
}

Database Database::in_memory() {
  Database database;
  database.path_ = "in memory";
  database.open(":memory:", SQLITE_OPEN_READWRITE | SQLITE_OPEN_MEMORY);
  return database;
}

void Database::open(const std::string& name, int flags) {
  sqlite3* opened = nullptr;
  // A connection belongs to one thread at a time: nothing is locked at each of its calls.
  const int result = sqlite3_open_v2(name.c_str(), &opened, flags | SQLITE_OPEN_NOMUTEX, nullptr);
  database_.reset(opened);
  if (result != SQLITE_OK)
    throw Error(Category::io, fmt::format("cannot open the ledger {}: {}", path_, sqlite3_errstr(result)));
  for (const auto& [option, value] :
       {std::pair(SQLITE_DBCONFIG_DEFENSIVE, 1), std::pair(SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0),
        std::pair(SQLITE_DBCONFIG_ENABLE_TRIGGER, 0), std::pair(SQLITE_DBCONFIG_ENABLE_VIEW, 0)}) {
    if (sqlite3_db_config(opened, option, value, nullptr) != SQLITE_OK) throw sqlite_failure(opened);
  }
  sqlite3_busy_timeout(opened, 10'000);
}

void Database::execute(const std::string& sql) {
  if (sqlite3_exec(database_.get(), sql.c_str(), nullptr, nullptr, nullptr) != SQLITE_OK)
    throw sqlite_failure(database_.get());
}

Statement Database::prepare(std::string_view sql) {
  return prepare_sqlite(database_.get(), sql);
}

void Database::transaction(const std::function<void()>& work) {
  enclose("BEGIN IMMEDIATE", work);
}

void Database::snapshot(const std::function<void()>& work) {
  if (sqlite3_get_autocommit(database_.get()) == 0) {  // inside of another one
    work();
    return;
  }
  enclose("BEGIN", work);
}

void Database::enclose(const char* begin, const std::function<void()>& work) {
  execute(begin);
  try {
    work();
    execute("COMMIT");
  } catch (...) {
    // A failed COMMIT may have rolled back already; then this fails, and the first error is the one that counts.
    sqlite3_exec(database_.get(), "ROLLBACK", nullptr, nullptr, nullptr);
    throw;
  }
}

void Database::back_up_to(const std::filesystem::path& to) {
  Database copy;
  copy.path_ = to.string();
  copy.open(copy.path_, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOFOLLOW);
  copy.execute("PRAGMA synchronous=EXTRA");
  sqlite3_backup* const backup = sqlite3_backup_init(copy.database_.get(), "main", database_.get(), "main");
  if (backup == nullptr) throw sqlite_failure(copy.database_.get());
  const int result = sqlite3_backup_step(backup, -1);
  if (sqlite3_backup_finish(backup) != SQLITE_OK || result != SQLITE_DONE) throw sqlite_failure(copy.database_.get());
}

}  // namespace lightseed

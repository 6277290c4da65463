#include "provision/ledger/database.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sqlite3.h>
#include <unistd.h>

#include <cerrno>

#include "core/error.h"

namespace lightseed {
namespace {

Error failure(sqlite3* database) {
  return Error(Category::io, fmt::format("the ledger {} failed: {}", sqlite3_db_filename(database, "main"),
                                         sqlite3_errmsg(database)));
}

}  // namespace

void Statement::Free::operator()(sqlite3_stmt* statement) const noexcept {
  sqlite3_finalize(statement);
}

void Statement::require(int result) const {
  if (result != SQLITE_OK) throw failure(database_);
}

Statement& Statement::bind(int index, std::string_view text) {
  require(sqlite3_bind_text64(statement_.get(), index, text.data(), text.size(), SQLITE_TRANSIENT, SQLITE_UTF8));
  return *this;
}

Statement& Statement::bind(int index, std::int64_t number) {
  require(sqlite3_bind_int64(statement_.get(), index, number));
  return *this;
}

Statement& Statement::bind(int index, std::span<const std::byte> blob) {
  require(sqlite3_bind_blob64(statement_.get(), index, blob.data(), blob.size(), SQLITE_TRANSIENT));
  return *this;
}

bool Statement::step() {
  const int result = sqlite3_step(statement_.get());
  if (result != SQLITE_ROW && result != SQLITE_DONE) {
    const Error error = failure(database_);
    sqlite3_reset(statement_.get());
    throw error;
  }
  return result == SQLITE_ROW;
}

std::int64_t Statement::run() {
  while (step()) {
  }
  const std::int64_t changed = sqlite3_changes64(database_);
  reset();
  return changed;
}

void Statement::reset() {
  sqlite3_reset(statement_.get());
  sqlite3_clear_bindings(statement_.get());
}

std::string Statement::text(int column) const {
  const auto* const data = static_cast<const char*>(sqlite3_column_blob(statement_.get(), column));
  const int size = sqlite3_column_bytes(statement_.get(), column);
  return data != nullptr ? std::string(data, static_cast<std::size_t>(size)) : std::string();
}

std::int64_t Statement::number(int column) const {
  return sqlite3_column_int64(statement_.get(), column);
}

void Database::Close::operator()(sqlite3* database) const noexcept {
  sqlite3_close_v2(database);
}

Database::Database(const std::filesystem::path& path, bool create) : path_(path.string()) {
  // SQLite would make it readable by all; WAL and journal files take the database's mode.
  const int fd = open(path.c_str(), (create ? O_RDWR | O_CREAT : O_RDWR) | O_CLOEXEC, 0600);
  if (fd < 0) throw system_error("open the ledger", path_, errno);
  close(fd);
  sqlite3* database = nullptr;
  const int result = sqlite3_open_v2(path.c_str(), &database, SQLITE_OPEN_READWRITE, nullptr);
  database_.reset(database);
  if (result != SQLITE_OK)
    throw Error(Category::io, fmt::format("cannot open the ledger {}: {}", path_, sqlite3_errstr(result)));
  sqlite3_busy_timeout(database, 10'000);
  execute("PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON");
}

void Database::execute(const std::string& sql) {
  if (sqlite3_exec(database_.get(), sql.c_str(), nullptr, nullptr, nullptr) != SQLITE_OK)
    throw failure(database_.get());
}

Statement Database::prepare(std::string_view sql) {
  sqlite3_stmt* statement = nullptr;
  if (sqlite3_prepare_v2(database_.get(), sql.data(), static_cast<int>(sql.size()), &statement, nullptr) != SQLITE_OK) {
    throw failure(database_.get());
  }
  return {database_.get(), statement};
}

void Database::transaction(const std::function<void()>& work) {
  execute("BEGIN IMMEDIATE");
  try {
    work();
    execute("COMMIT");
  } catch (...) {
    // A failed COMMIT may have rolled back already; then this fails, and the first error is the one that counts.
    sqlite3_exec(database_.get(), "ROLLBACK", nullptr, nullptr, nullptr);
    throw;
  }
}

}  // namespace lightseed

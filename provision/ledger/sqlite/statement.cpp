// SPDX-License-Identifier: Apache-2.0
#include "provision/ledger/sqlite/statement.h"

#include <fmt/format.h>
#include <sqlite3.h>

namespace lightseed {
namespace {

class SqliteStatement final : public Statement::Engine {
 public:
  SqliteStatement(sqlite3* database, std::string_view sql) : database_(database) {
    sqlite3_stmt* statement = nullptr;
    require(sqlite3_prepare_v2(database, sql.data(), static_cast<int>(sql.size()), &statement, nullptr));
    statement_.reset(statement);
  }

  void bind_text(int index, std::string_view text) override {
    require(sqlite3_bind_text64(statement_.get(), index, text.data(), text.size(), SQLITE_TRANSIENT, SQLITE_UTF8));
  }
  void bind_number(int index, std::int64_t number) override {
    require(sqlite3_bind_int64(statement_.get(), index, number));
  }
  void bind_blob(int index, std::span<const std::byte> blob) override {
    require(sqlite3_bind_blob64(statement_.get(), index, blob.data(), blob.size(), SQLITE_TRANSIENT));
  }

  bool step() override {
    const int result = sqlite3_step(statement_.get());
    if (result != SQLITE_ROW && result != SQLITE_DONE) {
      const Error error = sqlite_failure(database_);
      sqlite3_reset(statement_.get());
      throw error;
    }
    return result == SQLITE_ROW;
  }

  std::int64_t run() override {
    while (step()) {
    }
    const std::int64_t changed = sqlite3_changes64(database_);
    reset();
    return changed;
  }

  void reset() override {
    sqlite3_reset(statement_.get());
    sqlite3_clear_bindings(statement_.get());
  }

  [[nodiscard]] std::string text(int column) const override {
    const auto* const data = static_cast<const char*>(sqlite3_column_blob(statement_.get(), column));
    const int size = sqlite3_column_bytes(statement_.get(), column);
    return data != nullptr ? std::string(data, static_cast<std::size_t>(size)) : std::string();
  }
  [[nodiscard]] std::int64_t number(int column) const override {
    return sqlite3_column_int64(statement_.get(), column);
  }

  std::int64_t run_each(std::size_t count, const std::function<void(std::size_t)>& bind,
                        const std::function<void(std::size_t)>& row) override {
    const std::int64_t before = sqlite3_total_changes64(database_);
    for (std::size_t i = 0; i < count; ++i) {
      bind(i);
      while (step())
        row(i);
      reset();
    }
    return sqlite3_total_changes64(database_) - before;
  }

 private:
  struct Free {
    void operator()(sqlite3_stmt* statement) const noexcept { sqlite3_finalize(statement); }
  };
  sqlite3* database_;
  std::unique_ptr<sqlite3_stmt, Free> statement_;

  void require(int result) const {
    if (result != SQLITE_OK) throw sqlite_failure(database_);
  }
};

}  // namespace

Statement prepare_sqlite(sqlite3* database, std::string_view sql) {
  return Statement(std::make_unique<SqliteStatement>(database, sql));
}

Error sqlite_failure(sqlite3* database) {
  if (sqlite3_errcode(database) == SQLITE_BUSY) {
    return Error(Category::busy, fmt::format("another process is changing the ledger {}; try again when it is done",
                                             sqlite3_db_filename(database, "main")));
  }
  return Error(Category::io, fmt::format("the ledger {} failed: {}", sqlite3_db_filename(database, "main"),
                                         sqlite3_errmsg(database)));
}

}  // namespace lightseed

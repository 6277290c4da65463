// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

#include "provision/ledger/sql/schema_text.h"
#include "provision/ledger/sql/statement.h"

namespace lightseed {

/// What the tables of a ledger need of the database that keeps them.
///
/// They are written once, in the SQL that all back ends have in common (`?` for values, ON CONFLICT, RETURNING; sums
/// are cast to BIGINT). What the databases do each in their way – locks, files, backups, what a schema looks like – is
/// in the folders of the back ends. Everything throws Error(io) when the database fails, Error(busy) when another
/// process was in the way for too long.
class SqlDatabase {
 public:
  virtual ~SqlDatabase() = default;
  SqlDatabase(const SqlDatabase&) = delete;
  SqlDatabase& operator=(const SqlDatabase&) = delete;

  /// One or several statements without values and without an answer.
  virtual void execute(const std::string& sql) = 0;
  [[nodiscard]] virtual Statement prepare(std::string_view sql) = 0;
  /// A query whose answer may be as long as the ledger: it is fetched as it is stepped through. Inside transaction() or
  /// snapshot() only.
  [[nodiscard]] virtual Statement prepare_long(std::string_view sql) = 0;
  /// The first number of the first row.
  [[nodiscard]] std::int64_t number(std::string_view sql);

  /// Runs `work` in one transaction: all of it or, when it throws, nothing. It is run again, from the start, where
  /// another transaction made it impossible to go on: it leaves nothing behind outside of the database but results that
  /// a second run replaces.
  virtual void transaction(const std::function<void()>& work) = 0;

  /// Runs `work`, which only reads, in one transaction: it sees one state. Inside of another one it is part of that.
  virtual void snapshot(const std::function<void()>& work) = 0;

  /// Tables of this schema are asked; of this version's, where nobody says another one.
  void expect_schema(std::int64_t version) noexcept { schema_ = version; }

  /// A value in SQL: what rows of `block` and `delivery` name the batch by whose id is ?1. It has a number of its own
  /// since schema 6 and was named by its id before.
  [[nodiscard]] std::string key_of_batch() const;
  /// A value in SQL: the id of the batch that the row of `block` names.
  [[nodiscard]] std::string id_of_batch() const;
  /// A condition in SQL: the row of `block` is of the row of `batch`.
  [[nodiscard]] std::string is_of_batch() const;

  /// The rows of a table lie in the order of its primary key.
  [[nodiscard]] virtual bool keeps_rows_by_key() const noexcept { return false; }

 protected:
  SqlDatabase() = default;
  SqlDatabase(SqlDatabase&&) = default;
  SqlDatabase& operator=(SqlDatabase&&) = default;

 private:
  std::int64_t schema_ = ledger_schema_version;

  /// A column of `batch`.
  [[nodiscard]] const char* batch_key() const noexcept;
};

}  // namespace lightseed

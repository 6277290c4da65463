// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "provision/ledger/postgres/connection.h"
#include "provision/ledger/sql/database.h"

namespace lightseed {

/// A ledger's schema in a PostgreSQL database, through one session.
///
/// A transaction is READ COMMITTED and begins with the lock of a row: of the ledger's where the history goes on, of the
/// batch's where only blocks enter it. What it reads after that is the newest, and stays it. Two that still meet – the
/// same SIM in two batches, a deadlock – are run again, a few times.
class PostgresDatabase final : public SqlDatabase {
 public:
  explicit PostgresDatabase(const PostgresAddress& address) : connection_(address) {}

  void execute(const std::string& sql) override { connection_.execute(sql); }
  [[nodiscard]] Statement prepare(std::string_view sql) override;
  [[nodiscard]] Statement prepare_long(std::string_view sql) override;
  void transaction(const std::function<void()>& work) override;
  /// REPEATABLE READ; inside another snapshot it is part of that one.
  void snapshot(const std::function<void()>& work) override;

  [[nodiscard]] PostgresConnection& connection() noexcept { return connection_; }
  [[nodiscard]] const std::string& name() const noexcept { return connection_.name(); }
  /// The first column of the first row.
  [[nodiscard]] std::string text(std::string_view sql);

 private:
  PostgresConnection connection_;
  bool in_transaction_ = false;
  int cursors_ = 0;

  void enclose(const char* begin, const std::function<void()>& work);
};

}  // namespace lightseed

// SPDX-License-Identifier: Apache-2.0
#include "provision/ledger/postgres/database.h"

#include <fmt/format.h>

#include <chrono>
#include <thread>

#include "provision/ledger/postgres/statement.h"

namespace lightseed {

Statement PostgresDatabase::prepare(std::string_view sql) {
  return prepare_postgres(connection_, sql);
}

Statement PostgresDatabase::prepare_long(std::string_view sql) {
  if (!in_transaction_) return prepare(sql);
  return prepare_postgres_cursor(connection_, sql, fmt::format("lightseed_{}", ++cursors_));
}

std::string PostgresDatabase::text(std::string_view sql) {
  Statement query = prepare(sql);
  return query.step() ? query.text(0) : std::string();
}

void PostgresDatabase::transaction(const std::function<void()>& work) {
  constexpr int tries = 20;
  for (int i = 1;; ++i) {
    try {
      enclose("BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE", work);
      return;
    } catch (const Collision&) {
      if (i == tries) throw;
      std::this_thread::sleep_for(std::chrono::milliseconds(5 * i));
    }
  }
}

void PostgresDatabase::snapshot(const std::function<void()>& work) {
  if (in_transaction_) {
    work();
    return;
  }
  enclose("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY", work);
}

void PostgresDatabase::enclose(const char* begin, const std::function<void()>& work) {
  execute(begin);
  in_transaction_ = true;
  try {
    work();
    execute("COMMIT");
    in_transaction_ = false;
  } catch (...) {
    in_transaction_ = false;
    try {
      if (!connection_.is_lost()) execute("ROLLBACK");
    } catch (const std::exception&) {
      // The session is lost, and with it the transaction. The first error is the one that counts.
    }
    throw;
  }
}

}  // namespace lightseed

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "provision/ledger/ledger.h"
#include "provision/ledger/postgres/database.h"

namespace lightseed {

/// The locks of a ledger in PostgreSQL: advisory locks of the session, which the server gives back when the session
/// ends, however it ends.
class AdvisoryLock {
 public:
  enum class For { issuing, delivering };
  /// The lock of the ledger of this id; several ledgers in one database have different ones.
  AdvisoryLock(PostgresDatabase& database, const std::string& ledger_id, For what = For::issuing);

  /// Throws Error(busy) naming the process and host that have it. `database` is kept until it is given back.
  [[nodiscard]] static std::unique_ptr<LedgerLock> take(std::shared_ptr<PostgresDatabase> database,
                                                        const std::string& ledger_id, For what = For::issuing);
  /// Somebody has it at this moment.
  [[nodiscard]] bool is_taken();
  /// Throws Error(busy) as take() does.
  void require_free();

 private:
  PostgresDatabase& database_;
  For what_;
  std::int64_t key_;

  [[nodiscard]] const char* words() const noexcept;

  friend class HeldLock;
  std::string holder();
};

}  // namespace lightseed

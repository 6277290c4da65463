// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include "core/error.h"
#include "provision/ledger/postgres/advisory_lock.h"
#include "provision/ledger/postgres/memory.h"
#include "provision/ledger/postgres/postgres_ledger.h"
#include "provision/ledger/postgres/rights.h"
#include "provision/ledger/postgres/schema.h"
#include "provision/ledger/sql/schema_text.h"
#include "provision/ledger/sql/usable.h"

// What opening a ledger for issuing and taking its lock would come to, found out by reading alone.

namespace lightseed {

std::unique_ptr<Ledger> rehearse_postgres_ledger(const std::string& place, const LedgerAccess& access) {
  PostgresDatabase database(postgres_address(place));
  const std::int64_t schema = recognise_postgres_at_rest(database);
  if (schema == 0) {
    require_right_to_make(database);
    PostgresMemory(database.name(), address_of(database)).require_none();
    return nullptr;
  }
  require_right_to_change(database);
  AdvisoryLock(database, database.text("SELECT id FROM ledger")).require_free();
  auto ledger = open_postgres_ledger(place, {});
  const bool older = schema < ledger_schema_version;
  require_usable(database.name(), ledger->examine(older ? Depth::blocks : Depth::history), access);
  if (older)
    access.notice(fmt::format("the ledger {} is of an older version and would be brought up to date", database.name()));
  return ledger;
}

}  // namespace lightseed

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

#include "core/error.h"
#include "provision/ledger/sql/statement.h"

struct sqlite3;

namespace lightseed {

/// A statement of this connection, which outlives it. Throws Error(io), Error(busy).
Statement prepare_sqlite(sqlite3* database, std::string_view sql);

/// What the last call came to: Error(busy) where another process is in the way, else Error(io).
Error sqlite_failure(sqlite3* database);

}  // namespace lightseed

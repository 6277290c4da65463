// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "provision/ledger/postgres/connection.h"
#include "provision/ledger/sql/statement.h"

namespace lightseed {

/// SQL with `?` and `?1` for values, with PostgreSQL's `$1` instead.
std::string with_dollar_values(std::string_view sql);

/// A statement of this session, which outlives it.
Statement prepare_postgres(PostgresConnection& connection, std::string_view sql);

/// A query that is fetched a part at a time, with a cursor of this name; inside a transaction.
Statement prepare_postgres_cursor(PostgresConnection& connection, std::string_view sql, const std::string& cursor);

}  // namespace lightseed

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "provision/ledger/postgres/database.h"

namespace lightseed {

/// Where the ledger is, to tell a copy from the original: the cluster's own number, its timeline (a promoted copy
/// begins another), database and schema. For a server that takes changes.
std::string place_of(PostgresDatabase& database);

/// How this host finds it, which does not change when a database is replaced.
std::string address_of(PostgresDatabase& database);

/// This user may issue there: the server takes changes, and the rights are there. Throws Error(refused).
void require_right_to_change(PostgresDatabase& database);
/// This user may make a ledger in the schema. Throws Error(refused).
void require_right_to_make(PostgresDatabase& database);
/// This user may change the tables themselves, as their owner. Throws Error(refused).
void require_ownership(PostgresDatabase& database);

}  // namespace lightseed

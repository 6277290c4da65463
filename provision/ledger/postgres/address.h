// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <utility>
#include <vector>

namespace lightseed {

/// Where a PostgreSQL ledger is, as its URI says; what the URI leaves open is libpq's to find (PGHOST, PGSERVICE,
/// PGPASSFILE, …).
struct PostgresAddress {
  std::vector<std::pair<std::string, std::string>> settings;  ///< libpq's keywords and values, none of them a secret
  std::string name;                                           ///< for sentences, until the server is known
};

/// `place` is what follows the scheme, for example "//host/database". Throws Error(usage) for a malformed one and,
/// without repeating it, for one with a password in it: arguments can be read by every user of the host.
PostgresAddress postgres_address(const std::string& place);

/// "postgresql://host:port/database"; a host that is a directory is where the server's socket is.
std::string postgres_name(const std::string& host, const std::string& port, const std::string& database);

}  // namespace lightseed

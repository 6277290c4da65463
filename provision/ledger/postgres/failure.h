// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <libpq-fe.h>

#include <memory>
#include <string>

#include "core/error.h"

namespace lightseed {

struct FreeResult {
  void operator()(PGresult* result) const noexcept { PQclear(result); }
};
using PostgresResult = std::unique_ptr<PGresult, FreeResult>;

/// Another transaction made it impossible to go on with this one: it may succeed when it is run again.
class Collision : public Error {
 public:
  using Error::Error;
};

/// Throws what a statement that failed comes to, by its SQLSTATE (PostgreSQL documentation, appendix A): Collision;
/// Error(busy) for a lock that was waited for too long; Error(refused) for a right that is missing, a server that only
/// reads, a text that is none; Error(io) otherwise. `ledger` is what sentences call it.
[[noreturn]] void throw_failure(const PGresult* result, const std::string& ledger);

/// libpq's words on one line, without the full stop at their end.
std::string one_line(const char* words);

}  // namespace lightseed

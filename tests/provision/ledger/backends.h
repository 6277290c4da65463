// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace lightseed::test {

/// A back end that must behave as every ledger does.
struct LedgerBackEnd {
  const char* name;
  /// A URI for a ledger that does not exist yet, whatever it needs being in `scratch`.
  std::string (*fresh_uri)(const std::filesystem::path& scratch);
};

/// Those that the conformance tests of this program run on: SQLite's in test_provision (backends.cpp beside this),
/// PostgreSQL's in test_postgres (tests/postgres/backends.cpp), which starts a server for them.
const std::vector<LedgerBackEnd>& ledger_back_ends();

}  // namespace lightseed::test

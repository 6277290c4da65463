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

/// A new back end joins the conformance tests with a line here.
inline const std::vector<LedgerBackEnd>& ledger_back_ends() {
  static const std::vector<LedgerBackEnd> all{
      {"sqlite", [](const std::filesystem::path& scratch) { return "sqlite:" + (scratch / "ledger.db").string(); }}};
  return all;
}

}  // namespace lightseed::test

// SPDX-License-Identifier: Apache-2.0
#include "tests/provision/ledger/backends.h"

namespace lightseed::test {

const std::vector<LedgerBackEnd>& ledger_back_ends() {
  static const std::vector<LedgerBackEnd> all{
      {"sqlite", [](const std::filesystem::path& scratch) { return "sqlite:" + (scratch / "ledger.db").string(); }}};
  return all;
}

}  // namespace lightseed::test

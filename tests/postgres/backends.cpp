// SPDX-License-Identifier: Apache-2.0
#include "tests/provision/ledger/backends.h"

#include "tests/postgres/cluster.h"

namespace lightseed::test {

const std::vector<LedgerBackEnd>& ledger_back_ends() {
  static const std::vector<LedgerBackEnd> all{
      {"postgresql", [](const std::filesystem::path&) { return Cluster::get().fresh_uri(); }}};
  return all;
}

}  // namespace lightseed::test

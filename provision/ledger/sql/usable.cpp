// SPDX-License-Identifier: Apache-2.0
#include "provision/ledger/sql/usable.h"

#include <fmt/format.h>

#include "core/error.h"
#include "provision/ledger/head_file.h"

namespace lightseed {

void require_usable(const std::string& name, const LedgerFindings& findings, const LedgerAccess& access) {
  if (!findings.faults.empty()) {
    throw Error(Category::refused,
                fmt::format("the ledger {} cannot be issued from: {}", name, findings.faults.front()));
  }
  if (findings.notices.empty()) return;
  if (!(findings.without_memory && access.without_memory)) throw refused_without_head(findings.notices.front());
  access.notice(fmt::format("{}; it would be written anew", findings.notices.front()));
}

}  // namespace lightseed

// SPDX-License-Identifier: Apache-2.0
#include "provision/taken_ledger.h"

namespace lightseed {

TakenLedger take_ledger(const std::string& uri, const LedgerAccess& access) {
  TakenLedger taken;
  taken.ledger = open_ledger(uri, access);
  taken.lock = taken.ledger->issuing_lock();
  return taken;
}

TakenLedger take_ledger(const IssueRequest& request, const IssueServices& services) {
  return take_ledger(
      request.ledger,
      {.mode = LedgerAccess::Mode::issue, .without_memory = request.without_ledger_memory, .notice = services.notice});
}

}  // namespace lightseed

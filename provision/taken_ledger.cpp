// SPDX-License-Identifier: Apache-2.0
#include "provision/taken_ledger.h"

namespace lightseed {

TakenLedger take_ledger(const IssueRequest& request, const IssueServices& services) {
  TakenLedger taken;
  taken.ledger = open_ledger(
      request.ledger,
      {.mode = LedgerAccess::Mode::issue, .without_memory = request.without_ledger_memory, .notice = services.notice});
  taken.lock = taken.ledger->issuing_lock();
  return taken;
}

}  // namespace lightseed

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "core/error.h"
#include "provision/issue.h"
#include "provision/ledger/ledger.h"

namespace lightseed {

/// Runs `work` until the other run that is in its way has ended, or nobody wants to wait any longer: `while_busy`
/// waits, and says whether to try once more. Returns what `work` did; `waited` says that the world may have changed
/// meanwhile.
template <typename Work>
auto patiently(const std::function<bool(const Error& busy)>& while_busy, bool& waited, const Work& work) {
  for (;;) {
    try {
      return work();
    } catch (const Error& error) {
      if (error.category() != Category::busy || !while_busy(error)) throw;
      waited = true;
    }
  }
}

/// A ledger taken for a change; the lock is let go of before the ledger is closed.
struct TakenLedger {
  std::unique_ptr<Ledger> ledger;
  std::unique_ptr<LedgerLock> lock;
};

/// Both at once, with `access` in mode issue: a run that comes to nothing takes the ledger that it made with it, so
/// none is held open while waiting. Throws as open_ledger() and Ledger::issuing_lock() do.
TakenLedger take_ledger(const std::string& uri, const LedgerAccess& access);

/// The request's, for issuing.
TakenLedger take_ledger(const IssueRequest& request, const IssueServices& services);

}  // namespace lightseed

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>

#include "core/error.h"
#include "provision/issue.h"
#include "provision/ledger/ledger.h"

namespace lightseed {

/// Runs `work` until the other run that is in its way has ended, or nobody wants to wait any longer. Returns what it
/// did; `waited` says that the world may have changed meanwhile.
template <typename Work>
auto patiently(const IssueServices& services, bool& waited, const Work& work) {
  for (;;) {
    try {
      return work();
    } catch (const Error& error) {
      if (error.category() != Category::busy || !services.while_busy(error)) throw;
      waited = true;
    }
  }
}

struct TakenLedger {
  std::unique_ptr<Ledger> ledger;
  std::unique_ptr<IssuingLock> lock;  // goes first
};

/// The request's ledger, for issuing. Both at once: a run that comes to nothing takes the ledger that it made with it,
/// so none is held open while waiting.
TakenLedger take_ledger(const IssueRequest& request, const IssueServices& services);

}  // namespace lightseed

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>

#include "cli/command.h"
#include "provision/ledger/ledger.h"

namespace lightseed::cli {

/// A ledger taken for a change; the lock is let go of before the ledger is closed.
struct TakenLedger {
  std::unique_ptr<Ledger> ledger;
  std::unique_ptr<IssuingLock> lock;
};

/// Takes the ledger that --ledger names, which must exist, and waits for who has it as --wait says. Throws as
/// open_ledger() and Ledger::issuing_lock() do.
TakenLedger take_ledger(const Context& context);

/// --ledger and --wait of the verbs that change one.
std::vector<Option> ledger_change_options();

}  // namespace lightseed::cli

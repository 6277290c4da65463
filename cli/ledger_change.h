// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "cli/command.h"
#include "provision/taken_ledger.h"

namespace lightseed::cli {

/// Takes the ledger that --ledger names, which must exist, and waits for who has it as --wait says. Throws as
/// open_ledger() and Ledger::issuing_lock() do.
TakenLedger take_ledger(const Context& context);

/// --ledger and --wait of the verbs that change one.
std::vector<Option> ledger_change_options();

}  // namespace lightseed::cli

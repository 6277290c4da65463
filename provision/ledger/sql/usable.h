// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "provision/ledger/ledger.h"

namespace lightseed {

/// Judges what a look at a ledger found as Ledger::issuing_lock() does. `name` is what sentences call it. Throws
/// Error(refused).
void require_usable(const std::string& name, const LedgerFindings& findings, const LedgerAccess& access);

}  // namespace lightseed

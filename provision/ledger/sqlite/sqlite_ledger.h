// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>

#include "provision/ledger/ledger.h"

namespace lightseed {

/// A ledger in an SQLite file, `place`, with LEDGER.head beside it. Throws as open_ledger() does.
std::unique_ptr<Ledger> open_sqlite_ledger(const std::string& place, const LedgerAccess& access);

/// Throws as rehearse_ledger() does.
std::unique_ptr<Ledger> rehearse_sqlite_ledger(const std::string& place, const LedgerAccess& access);

}  // namespace lightseed

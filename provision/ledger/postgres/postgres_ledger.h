// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <memory>
#include <string>

#include "provision/ledger/ledger.h"

namespace lightseed {

/// A ledger in a PostgreSQL database that several hosts may share: `place` is what follows "postgresql:" in its URI.
/// Throws as open_ledger() does.
std::unique_ptr<Ledger> open_postgres_ledger(const std::string& place, const LedgerAccess& access);

/// A ledger that its server put back from a copy goes on in a new epoch, in place; `copy` is empty. Throws as
/// restore_ledger() does.
Restoration restore_postgres_ledger(const std::filesystem::path& copy, const std::string& place,
                                    const LedgerAccess& access);

/// Throws as rehearse_ledger() does.
std::unique_ptr<Ledger> rehearse_postgres_ledger(const std::string& place, const LedgerAccess& access);

}  // namespace lightseed

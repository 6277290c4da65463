// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <string>

#include "provision/ledger/epoch.h"
#include "provision/ledger/ledger.h"

namespace lightseed {

/// Puts a copy of a ledger to `place`, where none is. Throws as restore_ledger() does.
Restoration restore_sqlite_ledger(const std::filesystem::path& copy, const std::string& place,
                                  const LedgerAccess& access);

}  // namespace lightseed

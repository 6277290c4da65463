// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <memory>

#include "provision/ledger/ledger.h"

namespace lightseed {

/// The lock of a ledger's outbox: a file LEDGER.delivering, locked with flock() and gone when it is let go of. Not the
/// ledger's file itself, whose lock is for issuing. Throws Error(busy), Error(io).
std::unique_ptr<LedgerLock> take_outbox_lock(const std::filesystem::path& ledger);

}  // namespace lightseed

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <stop_token>

#include "provision/ledger/ledger.h"
#include "provision/notify/notifier.h"

namespace lightseed {

/// What a delivery came to.
struct Delivery {
  std::uint64_t delivered = 0;  ///< messages that the receiver has now
  std::uint64_t repeated = 0;   ///< of them: it knew them already
};

/// Hands the waiting messages of a ledger to a receiver, oldest first, until none waits or somebody asks to stop.
///
/// Each is noted as delivered after the receiver has it, never before: what dies in between is delivered again, which a
/// receiver that knows repeats recognises. The caller holds the ledger's outbox_lock(). `sum` counts what was noted,
/// also where this throws: what Notifier::deliver() and Ledger::mark_delivered() do.
void deliver_waiting(Ledger& ledger, Notifier& notifier, const std::stop_token& stop, Delivery& sum);

}  // namespace lightseed

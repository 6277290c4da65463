// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "core/json.h"

namespace lightseed {

/// What a ledger tells other programs: that a batch was issued and which files it has, that a side answered, that a SIM
/// was revoked.
///
/// The outbox. A message is a row that is written in the transaction of the event it announces: there is none without
/// the other, whatever crashes. It waits there until somebody has delivered it (provision/notify/), which may happen
/// more than once – a receiver that took it may die before it says so –, never out of order and never not at all. Its
/// id is made of the event's digest, so the same message has the same id for ever, and another history has others.
///
/// A message names files, their digests, ranges of SIMs and digests of records. It never holds a key, and no more of a
/// ledger than the certificate and the receipts of its sides say.
struct LedgerMessage {
  std::string id;              ///< digest of the event, a dot, and `part`
  std::string ledger_id;       ///< whose
  std::uint64_t sequence = 0;  ///< number of the event in the ledger's history
  std::uint64_t part = 0;      ///< 0: the event itself; of one that issues a batch, 1, 2, … its key files
  std::string event;           ///< one of event_names that is_announced()
  std::string moment;          ///< of the event; RFC 3339, UTC
  std::string batch;           ///< UUID; empty for an event of the ledger itself
  std::string order_id;        ///< of the batch: names the part of a large order
  std::string outlet;          ///< the side that it is of or for; empty: of none
  std::string file;            ///< a name without a directory; empty: of none
  std::string sha256;          ///< of the file, or of the record that was entered; empty: of none
  std::uint64_t sims = 0;      ///< it speaks of so many: of the batch or file, rejected, revoked
  std::string first_iccid;     ///< the lowest of them; empty: they are not named
  std::string last_iccid;      ///< the highest; between them there may be others
  std::uint64_t files = 0;     ///< of an issued batch: how many parts follow
  bool held = false;           ///< of an issued batch: it waits for its release
  bool active = false;         ///< of an answer: every side has answered now
  std::uint64_t epoch = 0;     ///< of a ledger that was put back: the one that it begins
};

/// Other programs are told of such events: issued, released, acknowledged, revoked, destroyed, alarmed, restored.
bool is_announced(std::string_view event) noexcept;

/// One line, as schemas/ledger-message.schema.json says.
std::string message_text(const LedgerMessage& message);

}  // namespace lightseed

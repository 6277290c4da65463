// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "evidence/ledger_record.h"
#include "provision/ledger/event.h"
#include "provision/ledger/sql/database.h"

namespace lightseed {

/// The chained events of a ledger in its table `event`.
class EventTable {
 public:
  EventTable(SqlDatabase& database, std::string ledger_id) : database_(database), ledger_id_(std::move(ledger_id)) {}

  /// What an event says beside number, moment and digests.
  struct Entry {
    std::string_view what;
    std::string_view batch{};
    std::string_view subject{};
    std::uint64_t blocks = 0;
    std::string_view blocks_sha256{};
  };

  /// Chains an event to the last one and returns its number. Inside the transaction of what it tells of.
  std::uint64_t append(const Entry& entry);

  /// The newest event; sequence 0 when there is none.
  [[nodiscard]] LedgerEvent last();

  /// Where the history ends.
  [[nodiscard]] LedgerPosition position();

  /// What was entered behind this event, oldest first.
  [[nodiscard]] std::vector<LedgerEvent> behind(std::uint64_t sequence);

  /// The epoch that the history is in (provision/ledger/epoch.h).
  [[nodiscard]] std::uint64_t epoch();

  /// Oldest first.
  void for_each(const std::function<void(const LedgerEvent&)>& visit);

  [[nodiscard]] const std::string& ledger_id() const noexcept { return ledger_id_; }

 private:
  SqlDatabase& database_;
  std::string ledger_id_;
};

/// Now, as ledgers write it.
std::string ledger_moment();

}  // namespace lightseed

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "provision/ledger/head_file.h"
#include "provision/ledger/ledger.h"
#include "provision/ledger/sql/database.h"
#include "provision/ledger/sql/event_table.h"

namespace lightseed {

/// A ledger's history against what its head file remembers of its end: an older copy that was put back ends before
/// that.
class HistoryMemory {
 public:
  /// `ledger` is what sentences call it.
  HistoryMemory(std::string ledger, HeadFile head, SqlDatabase& database, EventTable& events)
      : ledger_(std::move(ledger)), head_(std::move(head)), database_(database), events_(events) {}

  /// Adds what is found to the findings. Throws nothing but for lack of memory.
  void examine(LedgerFindings& findings);

  /// The ledger is not behind what is remembered of it. Throws Error(refused).
  void require_newest(const LedgerAccess& access);

  /// Remembers where the history ends now. A head that cannot be written undoes nothing: the ledger is then ahead of
  /// it, which is no fault.
  void write(const LedgerAccess& access);

 private:
  std::string ledger_;
  HeadFile head_;
  SqlDatabase& database_;
  EventTable& events_;

  [[nodiscard]] std::string missing_words() const;
  /// Empty where the ledger holds what is remembered of it.
  std::string fault_against(const LedgerPosition& remembered, const LedgerEvent& last);
  bool holds(const LedgerPosition& position);
};

}  // namespace lightseed

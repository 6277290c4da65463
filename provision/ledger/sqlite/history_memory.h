// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <string>

#include "provision/ledger/ledger.h"
#include "provision/ledger/sqlite/database.h"
#include "provision/ledger/sqlite/event_table.h"
#include "provision/ledger/sqlite/head_file.h"

namespace lightseed {

/// A ledger's history against what LEDGER.head remembers of its end: an older copy that was put back ends before that.
class HistoryMemory {
 public:
  HistoryMemory(std::filesystem::path ledger, Database& database, EventTable& events)
      : ledger_(std::move(ledger)), head_(ledger_), database_(database), events_(events) {}

  /// Adds what is found to the findings. Throws nothing but for lack of memory.
  void examine(LedgerFindings& findings);

  /// The ledger is not behind what is remembered of it. Throws Error(refused).
  void require_newest(const LedgerAccess& access);

  /// Remembers where the history ends now. A head that cannot be written undoes nothing: the ledger is then ahead of
  /// it, which is no fault.
  void write(const LedgerAccess& access);

 private:
  std::filesystem::path ledger_;
  HeadFile head_;
  Database& database_;
  EventTable& events_;

  [[nodiscard]] std::string missing_words() const;
  /// Empty where the ledger holds what is remembered of it.
  std::string fault_against(const LedgerPosition& remembered, const LedgerEvent& last);
  bool holds(const LedgerPosition& position);
};

}  // namespace lightseed

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
  /// Several hosts may have a memory of one ledger: where one of them put it back, the others learn of that by its
  /// epoch, which is beyond the one that they remember.
  enum class Kept { beside_it, by_each_host };

  /// `ledger` is what sentences call it.
  HistoryMemory(std::string ledger, HeadFile head, SqlDatabase& database, EventTable& events, Kept kept)
      : ledger_(std::move(ledger)), head_(std::move(head)), database_(database), events_(events), kept_(kept) {}

  /// Adds what is found to the findings. Throws nothing but for lack of memory.
  void examine(LedgerFindings& findings);

  /// The ledger is not behind what is remembered of it. Throws Error(refused).
  void require_newest(const LedgerAccess& access);

  /// The ledger holds what is remembered of it, or went on in a later epoch. True where nothing is remembered.
  [[nodiscard]] bool is_newest();

  /// Remembers where the history ends now. A head that cannot be written undoes nothing: the ledger is then ahead of
  /// it, which is no fault.
  void write(const LedgerAccess& access);

 private:
  std::string ledger_;
  HeadFile head_;
  SqlDatabase& database_;
  EventTable& events_;
  Kept kept_;

  /// What there is to say of a ledger that something is remembered of.
  struct Comparison {
    std::string fault;     ///< empty: the ledger holds what is remembered of it, or was put back by another host
    std::string put_back;  ///< empty: no other host put it back since this one remembered it
  };
  [[nodiscard]] std::string missing_words() const;
  Comparison compare(const HeadFile::Head& remembered, const LedgerEvent& last);
  std::string put_back_words(std::uint64_t remembered_epoch);
  bool holds(const LedgerPosition& position);
};

}  // namespace lightseed

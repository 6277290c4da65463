// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "provision/ledger/ledger.h"
#include "provision/ledger/message.h"
#include "provision/ledger/sql/database.h"
#include "provision/ledger/sql/event_table.h"

namespace lightseed {

/// The messages of a ledger (provision/ledger/message.h) in its table `outbox`: one row an announced event, and one a
/// key file of an issued batch. What changes something does so inside the caller's transaction.
class OutboxTable {
 public:
  OutboxTable(SqlDatabase& database, EventTable& events) : database_(database), events_(events) {}

  /// What a message says of its own.
  struct Row {
    std::string outlet, file, sha256;
    std::uint64_t sims = 0;
    std::string first_iccid, last_iccid;
    friend bool operator==(const Row&, const Row&) = default;
  };
  /// What the event that issues a batch announces: the batch, and each of its key files.
  struct Issue {
    Row batch;
    std::vector<Row> files;
  };
  /// By what the blocks say. Throws Error(refused) for a file that holds none.
  [[nodiscard]] Issue issue_of(const std::string& batch, std::span<const IssuedFile> files);
  /// SHA-256, in hexadecimal, over the rows of files as netstrings: the event that issues the batch holds it.
  static std::string digest_of(std::span<const Row> files);
  void add(std::uint64_t event, const Issue& issue);

  /// Announces what was entered behind event `after`, but for what add() announces.
  void announce(std::uint64_t after);
  /// What was entered before there was an outbox counts as delivered.
  void adopt();

  /// As Ledger's methods of these names.
  [[nodiscard]] std::uint64_t count_waiting();
  [[nodiscard]] std::vector<LedgerMessage> waiting(std::size_t most);
  void mark_delivered(const LedgerMessage& last);

  /// What the outbox and the history contradict each other in.
  class Comparison {
   public:
    /// `deep` reads every row. The table outlives it.
    Comparison(OutboxTable& table, bool deep);
    /// The next event, oldest first.
    void add(const LedgerEvent& event);
    /// One sentence a fault. After all events.
    [[nodiscard]] std::vector<std::string> finish();

   private:
    OutboxTable& table_;
    bool deep_;
    std::vector<std::uint64_t> announced_;  ///< events, as the outbox has them
    std::size_t next_ = 0;                  ///< of them, not seen in the history yet
    std::vector<LedgerEvent> to_check_;
    std::vector<std::string> faults_;
  };

 private:
  SqlDatabase& database_;
  EventTable& events_;

  /// What an announced event says, by the other tables.
  Row row_of(const LedgerEvent& event);
  void insert(std::uint64_t event, const Row& row, std::string_view delivered);
  void check_rows(const LedgerEvent& event, std::vector<std::string>& faults);
};

}  // namespace lightseed

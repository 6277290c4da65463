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
  /// Of the key files of a batch, with what its blocks say of them. Throws Error(refused) for a file that holds none.
  [[nodiscard]] std::vector<Row> rows_of(const std::string& batch, std::span<const IssuedFile> files);
  /// SHA-256, in hexadecimal, over the rows as netstrings: the event that issues the batch holds it.
  static std::string digest_of(std::span<const Row> rows);
  void add_files(std::uint64_t event, std::span<const Row> rows);

  /// Announces what was entered behind event `after`.
  void announce(std::uint64_t after);
  /// What was entered before there was an outbox counts as delivered.
  void adopt();

  /// As Ledger's methods of these names.
  [[nodiscard]] std::uint64_t count_waiting();
  [[nodiscard]] std::vector<LedgerMessage> waiting(std::size_t most);
  void mark_delivered(const LedgerMessage& last);

  /// What the outbox and the history contradict each other in, one sentence each: `deep` reads every row.
  [[nodiscard]] std::vector<std::string> faults(bool deep);

 private:
  SqlDatabase& database_;
  EventTable& events_;

  /// What an announced event says, by the other tables.
  Row row_of(const LedgerEvent& event);
  void insert(const LedgerEvent& event, std::string_view delivered);
  void check_rows(const LedgerEvent& event, std::vector<std::string>& faults);
};

}  // namespace lightseed

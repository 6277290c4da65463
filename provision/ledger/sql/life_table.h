// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "provision/ledger/life.h"
#include "provision/ledger/sql/database.h"
#include "provision/ledger/sql/event_table.h"

namespace lightseed {

/// What became of blocks once their batch was issued: the tables `answer`, `ending`, `used` and `destruction`, each row
/// with the number of the event that tells of it. What changes something does so inside the caller's transaction.
class LifeTable {
 public:
  LifeTable(SqlDatabase& database, EventTable& events) : database_(database), events_(events) {}

  /// As Ledger's methods of these names.
  bool release(const BatchRelease& release);
  bool acknowledge(const SideAnswer& answer);
  std::uint64_t revoke(const std::string& iccid, std::string_view why);
  bool destroy(const std::string& batch, const std::string& record_sha256);
  [[nodiscard]] std::vector<EnteredAnswer> answers_of(const std::string& batch);
  [[nodiscard]] std::vector<std::pair<BlockStage, std::uint64_t>> stages_of(const std::string& batch);
  [[nodiscard]] std::vector<std::vector<BlockStage>> stages_of_sims(std::span<const std::string> iccids);

  /// What is known of a batch, and so of each of its blocks. Throws Error(refused) for an unknown one.
  [[nodiscard]] BlockFacts facts_of_batch(const std::string& batch);

  /// What is known of a block, by its id, whose batch is known.
  [[nodiscard]] BlockFacts facts_of_block(std::span<const std::byte> block, BlockFacts of_batch);

  /// By batch; batches nothing became of are left out.
  [[nodiscard]] std::map<std::string, LifeFigures> figures();

  /// The rows of an event are those that its digest was made of; true for an event that has none.
  [[nodiscard]] bool holds(const LedgerEvent& event);

 private:
  SqlDatabase& database_;
  EventTable& events_;

  struct Ended {
    std::string block;  ///< its bytes
    std::string batch;
  };
  void require_issued(const std::string& batch);
  void require_certificate(const std::string& batch, const std::string& sha256, std::string_view what);
  /// The digest of the record that released a batch; empty: none did.
  std::string release_of(const std::string& batch);
  std::vector<Ended> blocks_to_reject(const SideAnswer& answer);
  void end(std::span<const Ended> blocks, BlockEnding ending, std::uint64_t event);
};

}  // namespace lightseed

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "provision/ledger/ledger.h"
#include "provision/ledger/sql/database.h"
#include "provision/ledger/sql/event_table.h"
#include "provision/ledger/sql/life_table.h"
#include "provision/ledger/sql/outbox_table.h"

namespace lightseed {

/// What a ledger in an SQL database does, whichever it is: all moves and all questions. A back end adds how its
/// database is opened and locked, what is remembered outside of it, and how it is copied.
class SqlLedger : public Ledger {
 public:
  std::optional<LedgerPosition> position() override;
  std::uint64_t epoch() override;
  std::vector<LedgerEvent> events() override;
  std::optional<BatchRecord> live_batch_of_order(const std::string& order_id) override;
  std::vector<BatchRecord> batches() override;
  std::vector<SimBlock> blocks_of_sim(const std::string& iccid) override;
  std::vector<std::pair<BlockState, std::uint64_t>> block_counts(const std::string& batch) override;
  std::vector<std::pair<BlockStage, std::uint64_t>> stages(const std::string& batch) override;
  std::vector<std::vector<BlockStage>> stages_of_sims(std::span<const std::string> iccids) override;
  std::vector<EnteredAnswer> answers(const std::string& batch) override;
  KnownSims known_sims(std::span<const std::string> iccids) override;

  LedgerPosition begin_epoch(const EpochStart& start) override;
  void begin(const BatchRecord& batch) override;
  std::vector<std::uint64_t> add_blocks(const std::string& batch, std::span<const BlockEntry> blocks) override;
  void certify(const std::string& batch, const Certification& certification) override;
  using Ledger::issue;
  void issue(const std::string& batch, std::span<const IssuedFile> files) override;
  std::uint64_t burn(const std::string& batch, const std::string& why) override;
  bool release(const BatchRelease& release) override;
  bool acknowledge(const SideAnswer& answer) override;
  std::uint64_t revoke(const std::string& iccid, const std::string& why) override;
  UseOutcome use(const std::string& report_sha256, std::span<const UsedKeys> ranges) override;
  bool destroy(const std::string& batch, const std::string& record_sha256) override;
  std::uint64_t count_waiting() override;
  std::vector<LedgerMessage> waiting_messages(std::size_t most) override;
  void mark_delivered(const LedgerMessage& last) override;

 protected:
  /// `database` belongs to the back end, which may still have to open it.
  SqlLedger(SqlDatabase& database, LedgerAccess access) : database_(database), access_(std::move(access)) {}

  /// The database is open and its schema known; before anything else. Throws Error(refused) when the ledger has no id.
  void begin_with(std::int64_t schema);

  /// One transaction in which the history goes on; what is remembered outside of the ledger follows.
  virtual void change(const std::function<void()>& work) = 0;
  /// One transaction that is no part of the history.
  virtual void change_aside(const std::function<void()>& work) = 0;
  /// One transaction for a batch alone, without an event.
  virtual void change_batch(const std::string& batch, const std::function<void()>& work) = 0;
  /// What sentences call the ledger.
  [[nodiscard]] virtual std::string name() const = 0;

  /// Throws Error(internal) for a ledger that was opened for reading.
  void require_writable() const;
  [[nodiscard]] std::vector<std::string> faults_of_tables(Depth depth);
  /// Throws Error(refused) when the history contradicts itself or the tables.
  void require_sound();
  /// What the ledger remembers of where it is kept is not `now`: it may be a copy of one that is still in use. Says so
  /// and enters it.
  void note_place(const std::string& now);

  [[nodiscard]] bool has_history() const noexcept { return events_.has_value(); }
  EventTable& history() { return *events_; }
  [[nodiscard]] const LedgerAccess& access() const noexcept { return access_; }

 private:
  SqlDatabase& database_;
  LedgerAccess access_;
  std::int64_t schema_ = 0;
  std::optional<EventTable> events_;  ///< nothing in schema 1

  [[nodiscard]] bool has_lives() const noexcept;
  [[nodiscard]] bool has_outbox() const noexcept;
  LifeTable lives() { return {database_, *events_}; }
  OutboxTable outbox() { return {database_, *events_}; }
  /// As change(); what was entered is announced in the same transaction.
  void change_and_announce(const std::function<void()>& work);
  std::optional<BatchState> state_of(const std::string& batch);
  /// Moves a batch with its blocks, if the table of moves allows it. Returns the number of blocks.
  std::uint64_t move(const std::string& batch, BatchState to);
};

}  // namespace lightseed

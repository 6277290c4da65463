// SPDX-License-Identifier: Apache-2.0
#include "provision/ledger/sql/sql_ledger.h"

#include <fmt/format.h>
#include <algorithm>

#include "core/error.h"
#include "core/hex.h"
#include "provision/ledger/sql/allotment_table.h"
#include "provision/ledger/sql/batch_rows.h"
#include "provision/ledger/sql/blocks.h"
#include "provision/ledger/sql/examination.h"
#include "provision/ledger/sql/schema_text.h"
#include "provision/ledger/sql/use_report.h"

namespace lightseed {

void SqlLedger::begin_with(std::int64_t schema) {
  schema_ = schema;
  database_.expect_schema(schema);
  if (schema_ < first_schema_with_history) return;
  auto query = database_.prepare("SELECT id FROM ledger");
  if (!query.step()) throw Error(Category::refused, fmt::format("the ledger {} has no id", name()));
  events_.emplace(database_, query.text(0));
}

bool SqlLedger::has_lives() const noexcept {
  return schema_ >= first_schema_with_lives;
}

bool SqlLedger::has_outbox() const noexcept {
  return schema_ >= first_schema_with_outbox;
}

void SqlLedger::require_writable() const {
  if (access_.mode == LedgerAccess::Mode::issue) return;
  throw Error(Category::internal, "a ledger that was opened for reading cannot be changed");
}

std::vector<std::string> SqlLedger::faults_of_tables(Depth depth) {
  return events_ ? faults_against_history(database_, *events_, schema_, depth) : std::vector<std::string>();
}

void SqlLedger::require_sound() {
  const auto faults = faults_of_tables(Depth::history);
  if (faults.empty()) return;
  throw Error(Category::refused, fmt::format("the ledger {} was changed by something else: {}; put it back from a "
                                             "copy, or keep it for those who look into this",
                                             name(), faults.front()));
}

void SqlLedger::note_place(const std::string& now) {
  auto query = database_.prepare("SELECT place FROM ledger");
  query.step();
  const std::string before = query.text(0);
  query.reset();
  if (before == now) return;
  access_.notice(fmt::format(
      "the ledger {} was last used as {}: if that one is still used, one order can be issued twice", now, before));
  change([&] {
    database_.prepare("UPDATE ledger SET place = ?").bind(1, now).run();
    events_->append({.what = event_names::moved, .subject = now});
  });
}

std::optional<LedgerPosition> SqlLedger::position() {
  if (!events_) return std::nullopt;
  return events_->position();
}

std::uint64_t SqlLedger::epoch() {
  return events_ ? events_->epoch() : 1;
}

std::vector<LedgerEvent> SqlLedger::events() {
  std::vector<LedgerEvent> all;
  if (events_) events_->for_each([&](const LedgerEvent& event) { all.push_back(event); });
  return all;
}

std::optional<BatchRecord> SqlLedger::live_batch_of_order(const std::string& order_id) {
  return live_batch_in(database_, order_id);
}

std::vector<BatchRecord> SqlLedger::batches() {
  return batches_in(database_);
}

std::vector<std::pair<BlockState, std::uint64_t>> SqlLedger::block_counts(const std::string& batch) {
  return block_counts_in(database_, batch);
}

std::vector<SimBlock> SqlLedger::blocks_of_sim(const std::string& iccid) {
  std::vector<SimBlock> blocks = blocks_of_sim_in(database_, iccid);
  for (SimBlock& block : blocks) {
    block.facts.batch = block.batch.state;
    if (!has_lives()) continue;
    block.facts = lives().facts_of_block(from_hex(block.block).value(), lives().facts_of_batch(block.batch.id));
    block.answers = lives().answers_of(block.batch.id);
  }
  return blocks;
}

std::vector<std::pair<BlockStage, std::uint64_t>> SqlLedger::stages(const std::string& batch) {
  if (has_lives()) return lives().stages_of(batch);
  std::vector<std::pair<BlockStage, std::uint64_t>> stages;
  for (const auto& [state, count] : block_counts(batch))
    if (const auto batch_state = batch_state_from(name_of(state)))
      stages.emplace_back(stage_of({.batch = *batch_state}), count);
  return stages;
}

std::vector<std::vector<BlockStage>> SqlLedger::stages_of_sims(std::span<const std::string> iccids) {
  if (has_lives()) return lives().stages_of_sims(iccids);
  std::vector<std::vector<BlockStage>> all(iccids.size());
  for (std::size_t i = 0; i < iccids.size(); ++i)
    for (const SimBlock& block : blocks_of_sim(iccids[i]))
      all[i].push_back(stage_of(block.facts));
  return all;
}

std::vector<EnteredAnswer> SqlLedger::answers(const std::string& batch) {
  return has_lives() ? lives().answers_of(batch) : std::vector<EnteredAnswer>();
}

KnownSims SqlLedger::known_sims(std::span<const std::string> iccids) {
  // The history and the tables are compared, so both are read as they are at one moment; and of a file, the lock is
  // taken once instead of once a SIM.
  KnownSims known;
  database_.snapshot([&] {
    known = schema_ < first_schema_with_allotments ? known_sims_by_tables(database_, iccids)
                                                   : AllotmentTable(database_).known_sims(iccids, has_lives());
  });
  return known;
}

void SqlLedger::change_and_announce(const std::function<void()>& work) {
  change([&] {
    const std::uint64_t before = events_->last().sequence;
    work();
    outbox().announce(before);
  });
}

LedgerPosition SqlLedger::begin_epoch(const EpochStart& start) {
  change_and_announce([&] {
    for (const BatchRecord& batch : batches()) {
      if (!is_unfinished(batch.state)) continue;
      const std::uint64_t burned = move(batch.id, BatchState::burned);
      events_->append({.what = event_names::burned,
                       .batch = batch.id,
                       .subject = "unfinished in a copy that was put back",
                       .blocks = burned});
    }
    database_.prepare("UPDATE ledger SET place = ?").bind(1, start.place).run();
    const std::uint64_t before = std::max(epoch(), start.remembered_epoch);
    if (before >= most_epochs) {
      throw Error(Category::refused,
                  fmt::format("the ledger is said to be in epoch {}, and there are {}", before, most_epochs));
    }
    const std::uint64_t next = before + 1;
    events_->append({.what = event_names::restored, .subject = epoch_words(next, start.remembered)});
  });
  return events_->position();
}

void SqlLedger::begin(const BatchRecord& batch) {
  if (database_.number("SELECT count(*) FROM batch") == 0) {
    access_.notice(fmt::format("the ledger {} is new: it knows of no order issued from another one", name()));
  }
  change_and_announce([&] {
    require_order_of(epoch(), batch.order_id);
    if (const auto live = live_batch_of_order(batch.order_id)) {
      throw Error(Category::refused,
                  fmt::format("order {} has batch {} already ({})", batch.order_id, live->id, name_of(live->state)));
    }
    database_
        .prepare(
            "INSERT INTO batch (id, number, order_id, request, state, directory, created, changed) "
            "SELECT ?1, coalesce(max(number), 0) + 1, ?2, ?3, ?4, ?5, ?6, ?6 FROM batch")
        .bind(1, batch.id)
        .bind(2, batch.order_id)
        .bind(3, batch.request)
        .bind(4, name_of(BatchState::generated))
        .bind(5, batch.directory)
        .bind(6, batch.created)
        .run();
    events_->append({.what = event_names::begun,
                     .batch = batch.id,
                     .subject = digest_of_request(batch.order_id, batch.request, batch.directory)});
  });
}

std::vector<std::uint64_t> SqlLedger::add_blocks(const std::string& batch, std::span<const BlockEntry> blocks) {
  std::vector<std::uint64_t> charges;
  require_writable();
  change_batch(batch, [&] {
    if (state_of(batch) != BatchState::generated)
      throw Error(Category::refused, fmt::format("batch {} takes no more blocks", batch));
    charges = insert_blocks(database_, batch, blocks, (epoch() - 1) * charges_an_epoch);
  });
  return charges;
}

void SqlLedger::certify(const std::string& batch, const Certification& certification) {
  change_and_announce([&] {
    if (position() != certification.position) {
      throw Error(Category::refused,
                  fmt::format("the ledger {} was changed by somebody else while batch {} was made", name(), batch));
    }
    move(batch, BatchState::certified);
    database_.prepare("UPDATE batch SET purpose = ?, certificate_sha256 = ? WHERE id = ?")
        .bind(1, certification.purpose)
        .bind(2, certification.certificate_sha256)
        .bind(3, batch)
        .run();
    const BlocksFigures blocks = figures_of_blocks_in_making(database_, batch);
    if (blocks.count != certification.blocks) {
      throw Error(Category::refused, fmt::format("batch {} has {} blocks in the ledger and {} in its certificate",
                                                 batch, blocks.count, certification.blocks));
    }
    const std::string allotment = AllotmentTable(database_).add(batch, blocks.allotment);
    events_->append({.what = event_names::allotted, .batch = batch, .subject = allotment, .blocks = blocks.count});
    events_->append({.what = event_names::certified,
                     .batch = batch,
                     .subject = certification.certificate_sha256,
                     .blocks = blocks.count,
                     .blocks_sha256 = blocks.sha256});
  });
}

void SqlLedger::issue(const std::string& batch, std::span<const IssuedFile> files) {
  change_and_announce([&] {
    const std::uint64_t blocks = move(batch, BatchState::issued);
    database_
        .prepare(
            fmt::format("INSERT INTO delivery (block, batch) SELECT id, batch FROM block WHERE batch = {} ORDER BY id",
                        database_.key_of_batch()))
        .bind(1, batch)
        .run();
    const OutboxTable::Issue announced = outbox().issue_of(batch, files);
    outbox().add(events_->append({.what = event_names::issued,
                                  .batch = batch,
                                  .subject = OutboxTable::digest_of(announced.files),
                                  .blocks = blocks}),
                 announced);
  });
}

std::uint64_t SqlLedger::burn(const std::string& batch, const std::string& why) {
  std::uint64_t burned = 0;
  change_and_announce([&] {
    burned = move(batch, BatchState::burned);
    events_->append({.what = event_names::burned, .batch = batch, .subject = reason_of_event(why), .blocks = burned});
  });
  return burned;
}

bool SqlLedger::release(const BatchRelease& release) {
  bool entered = false;
  change_and_announce([&] { entered = lives().release(release); });
  return entered;
}

bool SqlLedger::acknowledge(const SideAnswer& answer) {
  bool entered = false;
  change_and_announce([&] { entered = lives().acknowledge(answer); });
  return entered;
}

std::uint64_t SqlLedger::revoke(const std::string& iccid, const std::string& why) {
  std::uint64_t revoked = 0;
  change_and_announce([&] { revoked = lives().revoke(iccid, reason_of_event(why)); });
  return revoked;
}

UseOutcome SqlLedger::use(const std::string& report_sha256, std::span<const UsedKeys> ranges) {
  UseOutcome outcome;
  change_and_announce([&] { outcome = enter_use_report(database_, *events_, report_sha256, ranges); });
  return outcome;
}

bool SqlLedger::destroy(const std::string& batch, const std::string& record_sha256) {
  bool entered = false;
  change_and_announce([&] { entered = lives().destroy(batch, record_sha256); });
  return entered;
}

std::uint64_t SqlLedger::count_waiting() {
  return has_outbox() ? outbox().count_waiting() : 0;
}

std::vector<LedgerMessage> SqlLedger::waiting_messages(std::size_t most) {
  return has_outbox() ? outbox().waiting(most) : std::vector<LedgerMessage>();
}

void SqlLedger::mark_delivered(const LedgerMessage& last) {
  require_writable();
  change_aside([&] { outbox().mark_delivered(last); });
}

std::optional<BatchState> SqlLedger::state_of(const std::string& batch) {
  auto query = database_.prepare("SELECT state FROM batch WHERE id = ?");
  query.bind(1, batch);
  if (query.step()) return batch_state_from(query.text(0));
  throw Error(Category::refused, fmt::format("the ledger has no batch {}", batch));
}

std::uint64_t SqlLedger::move(const std::string& batch, BatchState to) {
  const auto from = state_of(batch);
  if (!from || !may_move(*from, to)) {
    throw Error(Category::refused, fmt::format("batch {} is {}, and that cannot become {}", batch,
                                               from ? name_of(*from) : "in no known state", name_of(to)));
  }
  database_.prepare("UPDATE batch SET state = ?, changed = ? WHERE id = ?")
      .bind(1, name_of(to))
      .bind(2, ledger_moment())
      .bind(3, batch)
      .run();
  auto blocks = database_.prepare(
      fmt::format("UPDATE block SET state = ?2 WHERE {} AND state = ?3", blocks_in_making(database_, batch)));
  return static_cast<std::uint64_t>(
      blocks.bind(1, batch).bind(2, name_of(block_state_in(to))).bind(3, name_of(block_state_in(*from))).run());
}

}  // namespace lightseed

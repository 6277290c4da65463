// SPDX-License-Identifier: Apache-2.0
#include "provision/ledger/sqlite/sqlite_ledger.h"

#include <fmt/format.h>
#include <unistd.h>

#include "core/error.h"
#include "core/hex.h"
#include "provision/ledger/sqlite/allotment_table.h"
#include "provision/ledger/sqlite/backup.h"
#include "provision/ledger/sqlite/batch_rows.h"
#include "provision/ledger/sqlite/blocks.h"
#include "provision/ledger/sqlite/event_table.h"
#include "provision/ledger/sqlite/examination.h"
#include "provision/ledger/sqlite/head_file.h"
#include "provision/ledger/sqlite/history_memory.h"
#include "provision/ledger/sqlite/life_table.h"
#include "provision/ledger/sqlite/migration.h"
#include "provision/ledger/sqlite/schema.h"
#include "provision/ledger/sqlite/use_report.h"

namespace lightseed {
namespace {

/// Older schemas can only be read.
class SqliteLedger final : public Ledger {
 public:
  SqliteLedger(LedgerFile file, Database database, LedgerAccess access)
      : file_(std::move(file)),
        database_(std::move(database)),
        access_(std::move(access)),
        schema_(database_.number("PRAGMA user_version")) {
    if (schema_ < first_schema_with_history) return;
    auto query = database_.prepare("SELECT id FROM ledger");
    if (!query.step()) throw Error(Category::refused, fmt::format("the ledger {} has no id", file_.path().string()));
    events_.emplace(database_, query.text(0));
  }

  ~SqliteLedger() override { remove_unused(); }
  SqliteLedger(const SqliteLedger&) = delete;
  SqliteLedger& operator=(const SqliteLedger&) = delete;

  std::unique_ptr<IssuingLock> issuing_lock() override {
    require_writable();
    auto lock = file_.issuing_lock();
    if (const auto faults = faults_of_tables(Depth::history); !faults.empty()) {
      throw Error(Category::refused, fmt::format("the ledger {} was changed by something else: {}; put it back from a "
                                                 "copy, or keep it for those who look into this",
                                                 file_.path().string(), faults.front()));
    }
    memory().require_newest(access_);
    note_place();
    return lock;
  }

  bool is_issuing() override { return file_.is_locked(); }

  void at_one_moment(const std::function<void()>& work) override { database_.snapshot(work); }

  std::optional<LedgerPosition> position() override {
    if (!events_) return std::nullopt;
    return events_->position();
  }

  std::vector<LedgerEvent> events() override {
    std::vector<LedgerEvent> all;
    if (events_) events_->for_each([&](const LedgerEvent& event) { all.push_back(event); });
    return all;
  }

  LedgerFindings examine(Depth depth) override {
    LedgerFindings findings{.faults = faults_of_tables(depth), .notices = {}};
    if (!events_) return findings;
    memory().examine(findings);
    return findings;
  }

  LedgerPosition back_up(const std::filesystem::path& to) override {
    if (!events_)
      throw Error(Category::refused, "a ledger of schema 1 is copied as a file, while nobody issues from it");
    LedgerPosition position;
    database_.snapshot([&] {
      position = events_->position();
      back_up_database(database_, std::filesystem::absolute(to));
    });
    HeadFile(std::filesystem::absolute(to)).write(position);
    return position;
  }

  std::optional<BatchRecord> live_batch_of_order(const std::string& order_id) override {
    return live_batch_in(database_, order_id);
  }
  std::vector<BatchRecord> batches() override { return batches_in(database_); }
  std::vector<std::pair<BlockState, std::uint64_t>> block_counts(const std::string& batch) override {
    return block_counts_in(database_, batch);
  }

  std::vector<SimBlock> blocks_of_sim(const std::string& iccid) override {
    std::vector<SimBlock> blocks = blocks_of_sim_in(database_, iccid);
    for (SimBlock& block : blocks) {
      block.facts.batch = block.batch.state;
      if (!has_lives()) continue;
      block.facts = lives().facts_of_block(from_hex(block.block).value(), lives().facts_of_batch(block.batch.id));
      block.answers = lives().answers_of(block.batch.id);
    }
    return blocks;
  }

  std::vector<std::pair<BlockStage, std::uint64_t>> stages(const std::string& batch) override {
    if (has_lives()) return lives().stages_of(batch);
    std::vector<std::pair<BlockStage, std::uint64_t>> stages;
    for (const auto& [state, count] : block_counts(batch))
      if (const auto batch_state = batch_state_from(name_of(state)))
        stages.emplace_back(stage_of({.batch = *batch_state}), count);
    return stages;
  }

  std::vector<std::vector<BlockStage>> stages_of_sims(std::span<const std::string> iccids) override {
    if (has_lives()) return lives().stages_of_sims(iccids);
    std::vector<std::vector<BlockStage>> all(iccids.size());
    for (std::size_t i = 0; i < iccids.size(); ++i)
      for (const SimBlock& block : blocks_of_sim(iccids[i]))
        all[i].push_back(stage_of(block.facts));
    return all;
  }

  std::vector<EnteredAnswer> answers(const std::string& batch) override {
    return has_lives() ? lives().answers_of(batch) : std::vector<EnteredAnswer>();
  }

  KnownSims known_sims(std::span<const std::string> iccids) override {
    if (schema_ < first_schema_with_allotments) return known_sims_by_tables(database_, iccids);
    return AllotmentTable(database_).known_sims(iccids, has_lives());
  }

  void begin(const BatchRecord& batch) override {
    if (database_.number("SELECT count(*) FROM batch") == 0) {
      access_.notice(
          fmt::format("the ledger {} is new: it knows of no order issued from another one", file_.path().string()));
    }
    change([&] {
      if (const auto live = live_batch_of_order(batch.order_id)) {
        throw Error(Category::refused,
                    fmt::format("order {} has batch {} already ({})", batch.order_id, live->id, name_of(live->state)));
      }
      database_
          .prepare(
              "INSERT INTO batch (id, order_id, request, state, directory, created, changed) "
              "VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?6)")
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

  std::vector<std::uint64_t> add_blocks(const std::string& batch, std::span<const BlockEntry> blocks) override {
    std::vector<std::uint64_t> charges;
    require_writable();
    database_.transaction([&] {
      if (state_of(batch) != BatchState::generated)
        throw Error(Category::refused, fmt::format("batch {} takes no more blocks", batch));
      charges = insert_blocks(database_, batch, blocks);
    });
    return charges;
  }

  void certify(const std::string& batch, const Certification& certification) override {
    change([&] {
      if (position() != certification.position) {
        throw Error(Category::refused, fmt::format("the ledger {} was changed by somebody else while batch {} was made",
                                                   file_.path().string(), batch));
      }
      move(batch, BatchState::certified);
      database_.prepare("UPDATE batch SET purpose = ?, certificate_sha256 = ? WHERE id = ?")
          .bind(1, certification.purpose)
          .bind(2, certification.certificate_sha256)
          .bind(3, batch)
          .run();
      const BlocksFigures blocks = figures_of_blocks(database_, batch);
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

  void issue(const std::string& batch) override {
    change([&] {
      const std::uint64_t blocks = move(batch, BatchState::issued);
      database_.prepare("INSERT INTO delivery (block, batch) SELECT id, batch FROM block WHERE batch = ? ORDER BY id")
          .bind(1, batch)
          .run();
      events_->append({.what = event_names::issued, .batch = batch, .blocks = blocks});
    });
  }

  std::uint64_t burn(const std::string& batch, const std::string& why) override {
    std::uint64_t burned = 0;
    change([&] {
      burned = move(batch, BatchState::burned);
      events_->append({.what = event_names::burned, .batch = batch, .subject = reason_of_event(why), .blocks = burned});
    });
    return burned;
  }

  bool acknowledge(const SideAnswer& answer) override {
    bool entered = false;
    change([&] { entered = lives().acknowledge(answer); });
    return entered;
  }

  std::uint64_t revoke(const std::string& iccid, const std::string& why) override {
    std::uint64_t revoked = 0;
    change([&] { revoked = lives().revoke(iccid, reason_of_event(why)); });
    return revoked;
  }

  UseOutcome use(const std::string& report_sha256, std::span<const UsedKeys> ranges) override {
    UseOutcome outcome;
    change([&] { outcome = enter_use_report(database_, *events_, report_sha256, ranges); });
    return outcome;
  }

  bool destroy(const std::string& batch, const std::string& record_sha256) override {
    bool entered = false;
    change([&] { entered = lives().destroy(batch, record_sha256); });
    return entered;
  }

 private:
  // In this order: SQLite lets go of the file before the file is closed.
  LedgerFile file_;
  Database database_;
  LedgerAccess access_;
  std::int64_t schema_;
  std::optional<EventTable> events_;  ///< nothing in schema 1

  /// A call that came to nothing leaves no ledger behind where there was none.
  void remove_unused() noexcept {
    if (!file_.is_new()) return;
    try {
      const auto lock = file_.issuing_lock();
      if (database_.number("SELECT count(*) FROM batch") > 0) return;
      unlink(HeadFile(file_.path()).path().c_str());
      unlink(file_.path().c_str());
    } catch (const std::exception&) {
      // Somebody else issues from it by now, or the disk is gone: then it stays.
      return;
    }
  }

  [[nodiscard]] bool has_lives() const noexcept { return schema_ >= first_schema_with_lives; }
  LifeTable lives() { return {database_, *events_}; }
  HistoryMemory memory() { return {file_.path(), database_, *events_}; }

  std::vector<std::string> faults_of_tables(Depth depth) {
    return events_ ? faults_against_history(database_, *events_, schema_, depth) : std::vector<std::string>();
  }

  void require_writable() const {
    if (access_.mode == LedgerAccess::Mode::issue) return;
    throw Error(Category::internal, "a ledger that was opened for reading cannot be changed");
  }

  /// One transaction, after which LEDGER.head follows.
  void change(const std::function<void()>& work) {
    require_writable();
    file_.require_in_place();
    database_.transaction(work);
    memory().write(access_);
  }

  std::optional<BatchState> state_of(const std::string& batch) {
    auto query = database_.prepare("SELECT state FROM batch WHERE id = ?");
    query.bind(1, batch);
    if (query.step()) return batch_state_from(query.text(0));
    throw Error(Category::refused, fmt::format("the ledger has no batch {}", batch));
  }

  /// Moves a batch with its blocks, if the table of moves allows it. Returns the number of blocks.
  std::uint64_t move(const std::string& batch, BatchState to) {
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
    return static_cast<std::uint64_t>(database_.prepare("UPDATE block SET state = ? WHERE batch = ? AND state = ?")
                                          .bind(1, name_of(block_state_in(to)))
                                          .bind(2, batch)
                                          .bind(3, name_of(block_state_in(*from)))
                                          .run());
  }

  /// A ledger that was found in another file than before may be a copy of one that is still in use.
  void note_place() {
    auto query = database_.prepare("SELECT place FROM ledger");
    query.step();
    const std::string before = query.text(0);
    query.reset();
    const std::string now = file_.place();
    if (before == now) return;
    access_.notice(
        fmt::format("the ledger {} was last used as {}: if that one is still used, one order can be issued "
                    "twice",
                    now, before));
    change([&] {
      database_.prepare("UPDATE ledger SET place = ?").bind(1, now).run();
      events_->append({.what = event_names::moved, .subject = now});
    });
  }
};

std::unique_ptr<SqliteLedger> open_to_read(LedgerFile file, const LedgerAccess& access) {
  Database database = open_for_reading(file);
  return std::make_unique<SqliteLedger>(std::move(file), std::move(database), access);
}

/// What a migration adds vouches for rows as they are: they must be as the history of before says.
void require_sound(const LedgerFile& file) {
  const auto faults = open_to_read(file, {})->examine(Depth::blocks).faults;
  if (faults.empty()) return;
  throw Error(Category::refused,
              fmt::format("the ledger {} is of an older version, and it is not brought up to date: {}",
                          file.path().string(), faults.front()));
}

/// Makes or migrates what needs it, under the lock, and tells of it.
void bring_up_to_date(const LedgerFile& file, const LedgerAccess& access) {
  const auto lock = file.issuing_lock();
  const LedgerKind kind = recognise(file);  // again: somebody may have been faster
  const HeadFile head(file.path());
  if (kind == LedgerKind::empty) {
    if (file.is_new() && head.read()) unlink(file.path().c_str());
    head.require_none(file.path());
    Database database(file.path(), Database::Mode::write);
    create_ledger(database, file);
  } else if (kind == LedgerKind::older) {
    require_sound(file);
    const Migration done = migrate_ledger(file);
    // Schema 1 remembered nothing beside the ledger.
    if (done.from < first_schema_with_history) head.write(done.position);
    access.notice(
        fmt::format("the ledger {} was of an older version and is now of schema {}; a copy of what it was is "
                    "in {}",
                    file.path().string(), ledger_schema_version, done.backup.string()));
  }
}

}  // namespace

std::unique_ptr<Ledger> open_sqlite_ledger(const std::string& place, const LedgerAccess& access) {
  if (access.mode == LedgerAccess::Mode::read) {
    LedgerFile file = LedgerFile::open(place, LedgerFile::Access::read);
    if (has_unfinished_change(file)) {
      // A writer may be at it this very moment; one that died leaves the same file.
      try {
        (void)recognise(file);
      } catch (const Error& e) {
        throw Error(Category::busy,
                    fmt::format("the ledger {} is in the middle of a change ({}): if nobody issues from "
                                "it, the next issuing run of its owner undoes that change",
                                file.path().string(), e.what()));
      }
    }
    if (recognise(file) == LedgerKind::empty) {
      throw Error(Category::refused, fmt::format("{} is empty: it is no ledger yet", file.path().string()));
    }
    return open_to_read(std::move(file), access);
  }
  LedgerFile file = LedgerFile::open(place, LedgerFile::Access::create);
  finish_change(file);
  if (recognise(file) != LedgerKind::current) bring_up_to_date(file, access);
  Database database(file.path(), Database::Mode::write);
  return std::make_unique<SqliteLedger>(std::move(file), std::move(database), access);
}

}  // namespace lightseed

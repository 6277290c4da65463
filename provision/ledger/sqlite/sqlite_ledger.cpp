// SPDX-License-Identifier: Apache-2.0
#include "provision/ledger/sqlite/sqlite_ledger.h"

#include <fmt/format.h>
#include <unistd.h>

#include "core/error.h"
#include "provision/ledger/history.h"
#include "provision/ledger/sqlite/blocks.h"
#include "provision/ledger/sqlite/event_table.h"
#include "provision/ledger/sqlite/head_file.h"
#include "provision/ledger/sqlite/migration.h"
#include "provision/ledger/sqlite/schema.h"

namespace lightseed {
namespace {

BatchRecord record_from(const Statement& row) {
  BatchRecord batch{.id = row.text(0),
                    .order_id = row.text(1),
                    .request = row.text(2),
                    .state = BatchState::burned,
                    .directory = row.text(4),
                    .purpose = row.text(5),
                    .certificate_sha256 = row.text(6),
                    .created = row.text(7),
                    .changed = row.text(8)};
  const auto state = batch_state_from(row.text(3));
  if (!state) throw Error(Category::refused, fmt::format("batch {} is in no known state: {}", batch.id, row.text(3)));
  batch.state = *state;
  return batch;
}

constexpr const char* select_batch =
    "SELECT id, order_id, request, state, directory, purpose, certificate_sha256, created, changed FROM batch ";

LedgerPosition position_of(const EventTable& events, const LedgerEvent& last) {
  return {.ledger_id = events.ledger_id(), .sequence = last.sequence, .chain_head = last.digest};
}

/// The tables are those of `kind`; schema 1 can only be read.
class SqliteLedger : public Ledger {
 public:
  SqliteLedger(LedgerFile file, Database database, LedgerKind kind, LedgerAccess access)
      : file_(std::move(file)), head_(file_.path()), database_(std::move(database)), access_(std::move(access)) {
    if (kind != LedgerKind::current) return;
    auto query = database_.prepare("SELECT id FROM ledger");
    if (!query.step()) throw Error(Category::refused, fmt::format("the ledger {} has no id", file_.path().string()));
    events_.emplace(database_, query.text(0));
  }

  std::unique_ptr<IssuingLock> issuing_lock() override {
    require_writable();
    auto lock = file_.issuing_lock();
    if (const auto faults = check_history(false); !faults.empty()) {
      throw Error(Category::refused, fmt::format("the ledger {} was changed by something else: {}; put it back from a "
                                                 "copy, or keep it for those who look into this",
                                                 file_.path().string(), faults.front()));
    }
    require_newest();
    note_place();
    return lock;
  }

  std::optional<LedgerPosition> position() override {
    if (!events_) return std::nullopt;
    return position_of(*events_, events_->last());
  }

  std::vector<LedgerEvent> events() override {
    std::vector<LedgerEvent> all;
    if (events_) events_->for_each([&](const LedgerEvent& event) { all.push_back(event); });
    return all;
  }

  std::vector<std::string> audit() override { return check_history(true); }

  std::optional<BatchRecord> live_batch_of_order(const std::string& order_id) override {
    auto query = database_.prepare(std::string(select_batch) + "WHERE order_id = ? AND state <> 'BURNED'");
    query.bind(1, order_id);
    if (!query.step()) return std::nullopt;
    return record_from(query);
  }

  std::vector<BatchRecord> batches() override {
    auto query = database_.prepare(std::string(select_batch) + "ORDER BY created, id");
    std::vector<BatchRecord> all;
    while (query.step())
      all.push_back(record_from(query));
    return all;
  }

  std::vector<std::pair<BlockState, std::uint64_t>> block_counts(const std::string& batch) override {
    auto query = database_.prepare("SELECT state, count(*) FROM block WHERE batch = ? GROUP BY state ORDER BY state");
    query.bind(1, batch);
    std::vector<std::pair<BlockState, std::uint64_t>> counts;
    while (query.step()) {
      if (const auto state = block_state_from(query.text(0)))
        counts.emplace_back(*state, static_cast<std::uint64_t>(query.number(1)));
    }
    return counts;
  }

  KnownSims known_sims(std::span<const std::string> iccids) override { return find_known_sims(database_, iccids); }

  void begin(const BatchRecord& batch) override {
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

  std::uint64_t burn(const std::string& batch) override {
    std::uint64_t burned = 0;
    change([&] {
      burned = move(batch, BatchState::burned);
      events_->append({.what = event_names::burned, .batch = batch, .blocks = burned});
    });
    return burned;
  }

 private:
  // In this order: SQLite lets go of the file before the file is closed.
  LedgerFile file_;
  HeadFile head_;
  Database database_;
  LedgerAccess access_;
  std::optional<EventTable> events_;  ///< nothing in schema 1

  void require_writable() const {
    if (access_.mode == LedgerAccess::Mode::issue) return;
    throw Error(Category::internal, "a ledger that was opened for reading cannot be changed");
  }

  /// One transaction, after which LEDGER.head follows. A head that cannot be written undoes nothing: the ledger is then
  /// ahead of it, which is no fault.
  void change(const std::function<void()>& work) {
    require_writable();
    file_.require_in_place();
    database_.transaction(work);
    write_head();
  }

  void write_head() {
    try {
      head_.write(position_of(*events_, events_->last()));
    } catch (const Error& e) {
      access_.notice(fmt::format("a roll-back of the ledger to its state of now could not be seen: {}", e.what()));
    }
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

  std::vector<std::string> check_history(bool every_block) {
    if (!events_) return {};
    HistoryCheck check(events_->ledger_id());
    events_->for_each([&](const LedgerEvent& event) { check.add(event); });
    std::map<std::string, std::uint64_t> blocks;
    auto counts = database_.prepare("SELECT batch, count(*) FROM block GROUP BY batch");
    while (counts.step())
      blocks[counts.text(0)] = static_cast<std::uint64_t>(counts.number(1));
    const std::vector<BatchRecord> all = batches();
    for (const BatchRecord& batch : all)
      check.compare(batch, blocks[batch.id]);
    if (every_block) {
      for (const BatchRecord& batch : all)
        check_blocks(check, batch);
    }
    return check.finish();
  }

  void check_blocks(HistoryCheck& check, const BatchRecord& batch) {
    const std::string& digest = check.blocks_digest_of(batch.id);
    if (!digest.empty() && digest != figures_of_blocks(database_, batch.id).sha256)
      check.fault(fmt::format("blocks of batch {} were changed since it was certified", batch.id));
    for (const auto& [state, count] : block_counts(batch.id)) {
      if (state != block_state_in(batch.state))
        check.fault(fmt::format("batch {} is {} and has {} blocks that are {}", batch.id, name_of(batch.state), count,
                                name_of(state)));
    }
  }

  /// The ledger is not behind what is remembered of it.
  void require_newest() {
    const auto remembered = head_.read();
    const LedgerEvent last = events_->last();
    if (!remembered) {
      // A new ledger has one event, and its head is written right after.
      if (last.sequence > 1)
        access_.notice(
            fmt::format("{} is missing: whether the ledger was put back from a copy cannot be seen; it is "
                        "written anew",
                        head_.path().string()));
    } else if (remembered->ledger_id != events_->ledger_id()) {
      throw Error(Category::refused,
                  fmt::format("{} is of another ledger than {}: one of them was put here in place of "
                              "the other; put the right one back",
                              head_.path().string(), file_.path().string()));
    } else if (!holds(*remembered)) {
      throw Error(Category::refused,
                  fmt::format("the ledger {} was rolled back: it ends with event {}, and {} "
                              "remembers another history up to event {}; put the newer ledger back. "
                              "Orders that were issued since would be issued again",
                              file_.path().string(), last.sequence, head_.path().string(), remembered->sequence));
    }
    if (!remembered || *remembered != position_of(*events_, last)) write_head();
  }

  bool holds(const LedgerPosition& position) {
    auto query = database_.prepare("SELECT 1 FROM event WHERE sequence = ? AND digest = ?");
    query.bind(1, static_cast<std::int64_t>(position.sequence)).bind(2, position.chain_head);
    return query.step();
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

/// Makes or migrates what needs it, under the lock, and tells of it.
void bring_up_to_date(const LedgerFile& file, const LedgerAccess& access) {
  const auto lock = file.issuing_lock();
  const LedgerKind kind = recognise(file);  // again: somebody may have been faster
  const HeadFile head(file.path());
  if (kind == LedgerKind::empty) {
    if (head.read()) {
      if (file.is_new()) unlink(file.path().c_str());
      throw Error(Category::refused, fmt::format("{} remembers a ledger that is no longer in {}: put it back from the "
                                                 "newest copy. Orders that it issued would be issued again",
                                                 head.path().string(), file.path().string()));
    }
    Database database(file.path(), Database::Mode::write);
    create_ledger(database, file);
    access.notice(
        fmt::format("the ledger {} is new: it knows of no order issued from another one", file.path().string()));
  } else if (kind == LedgerKind::older) {
    const auto backup = migrate_ledger(file);
    access.notice(
        fmt::format("the ledger {} was of an older version and is now of schema {}; a copy of what it was is "
                    "in {}",
                    file.path().string(), ledger_schema_version, backup.string()));
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
    const LedgerKind kind = recognise(file);
    if (kind == LedgerKind::empty) {
      throw Error(Category::refused, fmt::format("{} is empty: it is no ledger yet", file.path().string()));
    }
    Database database = open_for_reading(file);
    return std::make_unique<SqliteLedger>(std::move(file), std::move(database), kind, access);
  }
  LedgerFile file = LedgerFile::open(place, LedgerFile::Access::create);
  finish_change(file);
  if (recognise(file) != LedgerKind::current) bring_up_to_date(file, access);
  Database database(file.path(), Database::Mode::write);
  return std::make_unique<SqliteLedger>(std::move(file), std::move(database), LedgerKind::current, access);
}

}  // namespace lightseed

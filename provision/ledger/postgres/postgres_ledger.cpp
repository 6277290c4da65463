// SPDX-License-Identifier: Apache-2.0
#include "provision/ledger/postgres/postgres_ledger.h"

#include <fmt/format.h>

#include "core/error.h"
#include "provision/ledger/postgres/address.h"
#include "provision/ledger/postgres/advisory_lock.h"
#include "provision/ledger/postgres/database.h"
#include "provision/ledger/postgres/memory.h"
#include "provision/ledger/postgres/rights.h"
#include "provision/ledger/postgres/schema.h"
#include "provision/ledger/sql/examination.h"
#include "provision/ledger/sql/history_memory.h"
#include "provision/ledger/sql/schema_text.h"
#include "provision/ledger/sql/sql_ledger.h"

namespace lightseed {
namespace {

class PostgresLedger final : public SqlLedger {
 public:
  PostgresLedger(std::shared_ptr<PostgresDatabase> database, const LedgerAccess& access, std::int64_t schema, bool made)
      : SqlLedger(*database, access),
        database_(std::move(database)),
        remembered_(database_->name(), address_of(*database_)),
        made_(made) {
    begin_with(schema);
  }
  ~PostgresLedger() override { remove_unused(); }
  PostgresLedger(const PostgresLedger&) = delete;
  PostgresLedger& operator=(const PostgresLedger&) = delete;

  std::unique_ptr<LedgerLock> issuing_lock() override {
    require_writable();
    auto lock = AdvisoryLock::take(database_, history().ledger_id());
    database_->snapshot([&] { require_sound(); });
    remembered_.require_same(history().ledger_id());
    memory().require_newest(access());
    remembered_.note(history().position());
    note_place(place_of(*database_));
    return lock;
  }

  std::unique_ptr<LedgerLock> outbox_lock() override {
    require_writable();
    return AdvisoryLock::take(database_, history().ledger_id(), AdvisoryLock::For::delivering);
  }

  bool is_lost() const noexcept override { return database_->connection().is_lost(); }

  bool is_issuing() override { return AdvisoryLock(*database_, history().ledger_id()).is_taken(); }

  void at_one_moment(const std::function<void()>& work) override { database_->snapshot(work); }

  LedgerFindings examine(Depth depth) override {
    LedgerFindings findings;
    database_->snapshot([&] {
      findings.faults = faults_of_tables(depth);
      memory().examine(findings);
    });
    try {
      remembered_.require_same(history().ledger_id());
    } catch (const Error& e) {
      findings.faults.emplace_back(e.what());
    }
    return findings;
  }

  /// What restore_postgres_ledger() does.
  Restoration go_on_put_back() {
    const auto lock = AdvisoryLock::take(database_, history().ledger_id());
    std::vector<std::string> faults;
    database_->snapshot([&] { faults = faults_of_tables(Depth::blocks); });
    if (!faults.empty())
      throw Error(Category::refused, fmt::format("the ledger {} does not go on: {}", name(), faults.front()));
    remembered_.require_same(history().ledger_id());
    const HeadFile head = remembered_.head_of(history().ledger_id());
    const auto remembered = head.read();
    if (!access().without_memory) require_rolled_back(head);
    Restoration done{.position = {}, .epoch = 1, .is_new_epoch = true, .copied = history().last().moment, .orders = {}};
    for (const BatchRecord& batch : batches()) {
      if (!is_unfinished(batch.state)) continue;
      ++done.burned;
      done.orders.push_back(batch.order_id);
    }
    done.position =
        begin_epoch({.place = place_of(*database_), .remembered = remembered, .remembered_epoch = head.epoch()});
    done.epoch = epoch();
    remembered_.note(done.position);
    return done;
  }

  LedgerPosition back_up(const std::filesystem::path& /*to*/) override {
    throw Error(Category::refused, fmt::format("the ledger {} is copied by its server's own means: pg_dump, "
                                               "pg_basebackup, or an archive of its log",
                                               name()));
  }

 private:
  std::shared_ptr<PostgresDatabase> database_;
  PostgresMemory remembered_;
  bool made_;  ///< by this call

  HistoryMemory memory() {
    return {name(), remembered_.head_of(history().ledger_id()), *database_, history(),
            HistoryMemory::Kept::by_each_host};
  }

  [[nodiscard]] std::string name() const override { return database_->name(); }

  /// The lock of the ledger's row lets one change in at a time, whoever makes it; what is read after it is the newest.
  void change(const std::function<void()>& work) override {
    require_writable();
    database_->transaction([&] {
      auto query = database_->prepare("SELECT id FROM ledger FOR UPDATE");
      if (!query.step() || query.text(0) != history().ledger_id())
        throw Error(Category::refused, fmt::format("the ledger {} was replaced while it was in use", name()));
      work();
    });
    memory().write(access());
  }

  void change_aside(const std::function<void()>& work) override { database_->transaction(work); }

  /// Blocks of different batches enter at the same time.
  void change_batch(const std::string& batch, const std::function<void()>& work) override {
    database_->transaction([&] {
      database_->prepare("SELECT 1 FROM batch WHERE id = ? FOR NO KEY UPDATE").bind(1, batch).run();
      work();
    });
  }

  /// Throws Error(refused) where this host does not remember more of the ledger than it holds.
  void require_rolled_back(const HeadFile& head) {
    if (!head.read()) {
      throw Error(Category::refused,
                  fmt::format("{} is missing, which remembers how far the history of the ledger {} went and in which "
                              "epoch: go to a host that issued from it. Where all of them have lost it, say that a new "
                              "epoch begins all the same; if one was begun before, it begins again, and orders of it "
                              "may be issued twice",
                              head.path().string(), name()));
    }
    if (!memory().is_newest()) return;
    throw Error(Category::refused,
                fmt::format("the ledger {} holds all that this host remembers of it, and is in epoch {}: if it was put "
                            "back from an older copy, the host that issued last remembers more; go there. If that host "
                            "is lost, say that a new epoch begins all the same",
                            name(), epoch()));
  }

  /// A call that came to nothing leaves no ledger behind where there was none.
  void remove_unused() noexcept {
    if (!made_) return;
    try {
      const auto lock = AdvisoryLock::take(database_, history().ledger_id());
      bool removed = false;
      database_->transaction([&] {
        lock_postgres_tables(*database_);
        database_->execute("LOCK TABLE ledger, batch IN ACCESS EXCLUSIVE MODE");
        removed = database_->number("SELECT count(*) FROM batch") == 0;
        if (!removed) return;
        for (const std::string& table : postgres_tables(ledger_schema_version))
          database_->execute("DROP TABLE " + table);
      });
      if (removed) remembered_.forget(history().ledger_id());
    } catch (const std::exception&) {
      // Somebody else issues from it by now, or the server is gone: then it stays.
      return;
    }
  }
};

/// What a migration adds vouches for rows as they are: they must be as the history of before says.
void require_sound(PostgresDatabase& database, std::int64_t schema) {
  database.expect_schema(schema);
  EventTable events(database, database.text("SELECT id FROM ledger"));
  const auto faults = faults_against_history(database, events, schema, Depth::blocks);
  if (faults.empty()) return;
  throw Error(Category::refused,
              fmt::format("the ledger {} is of an older version, and it is not brought up to date: {}", database.name(),
                          faults.front()));
}

/// Makes or migrates what needs it, one process at a time, and tells of it. True: it was made.
bool bring_up_to_date(PostgresDatabase& database, const LedgerAccess& access) {
  const PostgresMemory remembered(database.name(), address_of(database));
  remembered.make_directory();
  std::int64_t found = ledger_schema_version;
  database.transaction([&] {
    lock_postgres_tables(database);
    found = recognise_postgres(database);  // again: somebody may have been faster
    if (found == 0) {
      require_right_to_make(database);
      remembered.require_none();
      create_postgres_ledger(database, place_of(database));
    } else if (found < ledger_schema_version) {
      require_right_to_make(database);
      require_ownership(database);
      // Whoever issues there is of an older version, and would not know the tables any more.
      AdvisoryLock(database, database.text("SELECT id FROM ledger")).require_free();
      require_sound(database, found);
      migrate_postgres_ledger(database, found, place_of(database));
    }
  });
  if (found != 0 && found < ledger_schema_version) {
    access.notice(fmt::format("the ledger {} was of schema {} and is now of schema {}", database.name(), found,
                              ledger_schema_version));
  }
  return found == 0;
}

/// For issuing, after it was recognised.
std::unique_ptr<PostgresLedger> open_to_issue(std::shared_ptr<PostgresDatabase> database, std::int64_t schema,
                                              const LedgerAccess& access) {
  bool made = false;
  if (schema != ledger_schema_version) made = bring_up_to_date(*database, access);
  require_right_to_change(*database);
  PostgresMemory(database->name(), address_of(*database)).make_directory();
  return std::make_unique<PostgresLedger>(std::move(database), access, ledger_schema_version, made);
}

Error no_ledger(PostgresDatabase& database) {
  return {Category::io, fmt::format("there is no ledger in {}: the schema {} is empty", database.name(),
                                    database.text("SELECT current_schema()::text"))};
}

}  // namespace

Restoration restore_postgres_ledger(const std::filesystem::path& copy, const std::string& place,
                                    const LedgerAccess& access) {
  if (!copy.empty()) {
    throw Error(Category::refused,
                "a ledger in PostgreSQL is put back by its server's own means (pg_restore, or an archive of its log), "
                "and then goes on where it is: no file of it is read here");
  }
  auto database = std::make_shared<PostgresDatabase>(postgres_address(place));
  const std::int64_t schema = recognise_postgres_at_rest(*database);
  if (schema == 0) throw no_ledger(*database);
  return open_to_issue(std::move(database), schema, access)->go_on_put_back();
}

std::unique_ptr<Ledger> open_postgres_ledger(const std::string& place, const LedgerAccess& access) {
  auto database = std::make_shared<PostgresDatabase>(postgres_address(place));
  const std::int64_t schema = recognise_postgres_at_rest(*database);
  if (access.mode == LedgerAccess::Mode::read) {
    if (schema == 0) throw no_ledger(*database);
    return std::make_unique<PostgresLedger>(std::move(database), access, schema, false);
  }
  if (database->connection().is_open_to_others()) {
    access.notice(
        fmt::format("the connection to the ledger {} is not encrypted: ask for it with sslmode=verify-full in "
                    "its address",
                    database->name()));
  }
  return open_to_issue(std::move(database), schema, access);
}

}  // namespace lightseed

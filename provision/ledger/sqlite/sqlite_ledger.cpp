// SPDX-License-Identifier: Apache-2.0
#include "provision/ledger/sqlite/sqlite_ledger.h"

#include <fmt/format.h>
#include <unistd.h>

#include "core/error.h"
#include "provision/ledger/head_file.h"
#include "provision/ledger/sql/history_memory.h"
#include "provision/ledger/sql/sql_ledger.h"
#include "provision/ledger/sqlite/backup.h"
#include "provision/ledger/sqlite/migration.h"
#include "provision/ledger/sqlite/outbox_lock.h"
#include "provision/ledger/sqlite/schema.h"

namespace lightseed {
namespace {

/// Older schemas can only be read.
class SqliteLedger final : public SqlLedger {
 public:
  SqliteLedger(LedgerFile file, Database database, LedgerAccess access)
      : SqlLedger(database_, std::move(access)), file_(std::move(file)), database_(std::move(database)) {
    begin_with(database_.number("PRAGMA user_version"));
  }

  ~SqliteLedger() override { remove_unused(); }
  SqliteLedger(const SqliteLedger&) = delete;
  SqliteLedger& operator=(const SqliteLedger&) = delete;

  std::unique_ptr<LedgerLock> issuing_lock() override {
    require_writable();
    auto lock = file_.issuing_lock();
    require_sound();
    memory().require_newest(access());
    note_place(file_.place());
    return lock;
  }

  bool is_issuing() override { return file_.is_locked(); }

  std::unique_ptr<LedgerLock> outbox_lock() override {
    require_writable();
    return take_outbox_lock(file_.path());
  }

  void at_one_moment(const std::function<void()>& work) override { database_.snapshot(work); }

  LedgerFindings examine(Depth depth) override {
    LedgerFindings findings{.faults = faults_of_tables(depth), .notices = {}};
    if (!has_history()) return findings;
    memory().examine(findings);
    return findings;
  }

  LedgerPosition back_up(const std::filesystem::path& to) override {
    if (!has_history())
      throw Error(Category::refused, "a ledger of schema 1 is copied as a file, while nobody issues from it");
    LedgerPosition position;
    std::uint64_t copied_epoch = 1;
    database_.snapshot([&] {
      position = history().position();
      copied_epoch = epoch();
      back_up_database(database_, std::filesystem::absolute(to));
    });
    HeadFile(std::filesystem::absolute(to)).write(position, copied_epoch);
    return position;
  }

 private:
  // In this order: SQLite lets go of the file before the file is closed.
  LedgerFile file_;
  Database database_;

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

  HistoryMemory memory() {
    return {file_.path().string(), HeadFile(file_.path()), database_, history(), HistoryMemory::Kept::beside_it};
  }

  // Asked again and again by whoever delivers messages: a file that was moved away is not its ledger any more, and the
  // journal beside its old name is that of another one.
  std::uint64_t count_waiting() override {
    file_.require_in_place();
    return SqlLedger::count_waiting();
  }

  std::vector<LedgerMessage> waiting_messages(std::size_t most) override {
    file_.require_in_place();
    return SqlLedger::waiting_messages(most);
  }

  [[nodiscard]] std::string name() const override { return file_.path().string(); }

  void change(const std::function<void()>& work) override {
    require_writable();
    file_.require_in_place();
    database_.transaction(work);
    memory().write(access());
  }

  void change_aside(const std::function<void()>& work) override {
    file_.require_in_place();
    database_.transaction(work);
  }

  void change_batch(const std::string& /*batch*/, const std::function<void()>& work) override {
    database_.transaction(work);
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
    give_back_room(file);
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

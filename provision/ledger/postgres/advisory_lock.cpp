// SPDX-License-Identifier: Apache-2.0
#include "provision/ledger/postgres/advisory_lock.h"

#include <fmt/format.h>

#include "core/byte_views.h"
#include "core/error.h"
#include "crypto/digest.h"

namespace lightseed {
namespace {

std::int64_t key_of(const std::string& ledger_id, AdvisoryLock::For what) {
  const char* const name =
      what == AdvisoryLock::For::issuing ? "lightseed issuing lock " : "lightseed delivering lock ";
  const Sha256Digest digest = sha256(bytes_of(name + ledger_id));
  std::uint64_t key = 0;
  for (std::size_t i = 0; i < 8; ++i)
    key = key << 8 | std::to_integer<std::uint64_t>(digest[i]);
  return static_cast<std::int64_t>(key);
}

}  // namespace

class HeldLock final : public LedgerLock {
 public:
  HeldLock(std::shared_ptr<PostgresDatabase> database, std::int64_t key) : database_(std::move(database)), key_(key) {}
  ~HeldLock() override {
    try {
      if (database_->connection().is_lost()) return;
      database_->prepare("SELECT pg_advisory_unlock(?)").bind(1, key_).run();
    } catch (const std::exception&) {
      return;  // the session is lost, and with it the lock
    }
  }
  HeldLock(const HeldLock&) = delete;
  HeldLock& operator=(const HeldLock&) = delete;

 private:
  std::shared_ptr<PostgresDatabase> database_;
  std::int64_t key_;
};

AdvisoryLock::AdvisoryLock(PostgresDatabase& database, const std::string& ledger_id, For what)
    : database_(database), what_(what), key_(key_of(ledger_id, what)) {}

const char* AdvisoryLock::words() const noexcept {
  return what_ == For::issuing ? "issuing from the ledger" : "delivering the messages of the ledger";
}

std::string AdvisoryLock::holder() {
  auto query = database_.prepare(
      "SELECT coalesce(nullif(a.application_name, ''), 'unknown') || ', session ' || l.pid FROM pg_locks l "
      "LEFT JOIN pg_stat_activity a ON a.pid = l.pid WHERE l.locktype = 'advisory' AND l.granted AND l.objsubid = 1 "
      "AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database()) "
      "AND (l.classid::bigint << 32 | l.objid::bigint) = ?");
  query.bind(1, key_);
  return query.step() ? query.text(0) : std::string();
}

bool AdvisoryLock::is_taken() {
  return !holder().empty();
}

void AdvisoryLock::require_free() {
  const std::string name = holder();
  if (name.empty()) return;
  throw Error(Category::busy,
              fmt::format("another process ({}) is {} {}; wait for it to end", name, words(), database_.name()));
}

std::unique_ptr<LedgerLock> AdvisoryLock::take(std::shared_ptr<PostgresDatabase> database, const std::string& ledger_id,
                                               For what) {
  AdvisoryLock lock(*database, ledger_id, what);
  // A session may have the same lock several times; an issuing run has it once.
  lock.require_free();
  auto query = database->prepare("SELECT pg_try_advisory_lock(?)");
  query.bind(1, lock.key_);
  if (query.step() && query.number(0) == 1) return std::make_unique<HeldLock>(std::move(database), lock.key_);
  lock.require_free();
  throw Error(Category::busy,
              fmt::format("another process was {} {} a moment ago; try again", lock.words(), database->name()));
}

}  // namespace lightseed

#include "provision/ledger/ledger.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <ctime>

#include "core/clock.h"
#include "core/error.h"

namespace lightseed {
namespace {

constexpr std::int64_t schema_version = 1;

// delivery's primary key is the promise "at most once"; the partial index is the promise "one live batch an order".
constexpr const char* schema = R"sql(
CREATE TABLE batch (
  id TEXT PRIMARY KEY,
  order_id TEXT NOT NULL,
  request TEXT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('GENERATED', 'CERTIFIED', 'ISSUED', 'BURNED')),
  directory TEXT NOT NULL,
  staging TEXT NOT NULL,
  purpose TEXT NOT NULL DEFAULT '',
  certificate_sha256 TEXT NOT NULL DEFAULT '',
  created TEXT NOT NULL,
  changed TEXT NOT NULL
) STRICT;
CREATE UNIQUE INDEX one_live_batch_per_order ON batch (order_id) WHERE state <> 'BURNED';
CREATE TABLE block (
  id BLOB PRIMARY KEY,
  batch TEXT NOT NULL REFERENCES batch (id),
  iccid TEXT NOT NULL,
  charge INTEGER NOT NULL,
  file INTEGER NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('GENERATED', 'CERTIFIED', 'ISSUED', 'BURNED')),
  UNIQUE (iccid, charge)
) STRICT, WITHOUT ROWID;
CREATE INDEX block_by_batch ON block (batch);
CREATE TABLE delivery (
  block BLOB PRIMARY KEY REFERENCES block (id),
  batch TEXT NOT NULL REFERENCES batch (id)
) STRICT, WITHOUT ROWID;
)sql";

std::string now_text() {
  return utc_text(std::time(nullptr));
}

BatchRecord record_from(const Statement& row) {
  return {.id = row.text(0),
          .order_id = row.text(1),
          .request = row.text(2),
          .state = row.text(3),
          .directory = row.text(4),
          .staging = row.text(5),
          .purpose = row.text(6),
          .certificate_sha256 = row.text(7),
          .created = row.text(8)};
}

constexpr const char* batch_columns =
    "SELECT id, order_id, request, state, directory, staging, purpose, certificate_sha256, created FROM batch ";

}  // namespace

Ledger::Ledger(const std::filesystem::path& path, bool must_exist) : database_(path, !must_exist) {
  database_.transaction([&] {
    auto version = database_.prepare("PRAGMA user_version");
    version.step();
    const std::int64_t found = version.number(0);
    version.reset();
    if (found == schema_version) return;
    if (found != 0) {
      throw Error(Category::refused, fmt::format("the ledger {} has schema {}, this version knows {}; use the version "
                                                 "that wrote it",
                                                 path.string(), found, schema_version));
    }
    database_.execute(schema);
    database_.execute(fmt::format("PRAGMA user_version={}", schema_version));
  });
}

std::optional<BatchRecord> Ledger::live_batch_of_order(const std::string& order_id) {
  auto query = database_.prepare(std::string(batch_columns) + "WHERE order_id = ? AND state <> 'BURNED'");
  query.bind(1, order_id);
  if (!query.step()) return std::nullopt;
  return record_from(query);
}

std::vector<BatchRecord> Ledger::batches() {
  auto query = database_.prepare(std::string(batch_columns) + "ORDER BY created, id");
  std::vector<BatchRecord> all;
  while (query.step())
    all.push_back(record_from(query));
  return all;
}

void Ledger::begin(const BatchRecord& batch) {
  database_.transaction([&] {
    if (const auto live = live_batch_of_order(batch.order_id)) {
      throw Error(Category::refused,
                  fmt::format("order {} has batch {} already ({})", batch.order_id, live->id, live->state));
    }
    database_
        .prepare(
            "INSERT INTO batch (id, order_id, request, state, directory, staging, created, changed) "
            "VALUES (?, ?, ?, 'GENERATED', ?, ?, ?, ?)")
        .bind(1, batch.id)
        .bind(2, batch.order_id)
        .bind(3, batch.request)
        .bind(4, batch.directory)
        .bind(5, batch.staging)
        .bind(6, batch.created)
        .bind(7, batch.created)
        .run();
  });
}

void Ledger::add_blocks(const std::string& batch, std::span<const BlockEntry> blocks) {
  database_.transaction([&] {
    // A SIM's first charge is 1, each top-up the next number; burned charges keep theirs.
    auto insert = database_.prepare(
        "INSERT INTO block (id, batch, iccid, charge, file, state) VALUES "
        "(?1, ?2, ?3, (SELECT coalesce(max(charge), 0) + 1 FROM block WHERE iccid = ?3), ?4, 'GENERATED')");
    for (const BlockEntry& block : blocks) {
      insert.bind(1, std::span<const std::byte>(block.id))
          .bind(2, batch)
          .bind(3, block.iccid)
          .bind(4, block.file)
          .run();
    }
  });
}

void Ledger::certify(const std::string& batch, const std::string& purpose, const std::string& certificate_sha256) {
  database_.transaction([&] {
    move(batch, "GENERATED", "CERTIFIED");
    database_.prepare("UPDATE batch SET purpose = ?, certificate_sha256 = ? WHERE id = ?")
        .bind(1, purpose)
        .bind(2, certificate_sha256)
        .bind(3, batch)
        .run();
  });
}

void Ledger::issue(const std::string& batch) {
  database_.transaction([&] {
    move(batch, "CERTIFIED", "ISSUED");
    database_.prepare("INSERT INTO delivery (block, batch) SELECT id, batch FROM block WHERE batch = ?")
        .bind(1, batch)
        .run();
  });
}

std::int64_t Ledger::burn(const std::string& batch) {
  std::int64_t burned = 0;
  database_.transaction([&] {
    const auto changed = database_
                             .prepare(
                                 "UPDATE batch SET state = 'BURNED', changed = ? "
                                 "WHERE id = ? AND state IN ('GENERATED', 'CERTIFIED')")
                             .bind(1, now_text())
                             .bind(2, batch)
                             .run();
    if (changed != 1)
      throw Error(Category::refused, fmt::format("batch {} cannot be burned: it is issued or unknown", batch));
    burned = database_.prepare("UPDATE block SET state = 'BURNED' WHERE batch = ?").bind(1, batch).run();
  });
  return burned;
}

void Ledger::move(const std::string& batch, const char* from, const char* to) {
  const auto changed = database_.prepare("UPDATE batch SET state = ?, changed = ? WHERE id = ? AND state = ?")
                           .bind(1, to)
                           .bind(2, now_text())
                           .bind(3, batch)
                           .bind(4, from)
                           .run();
  if (changed != 1) throw Error(Category::refused, fmt::format("batch {} is not in state {}", batch, from));
  database_.prepare("UPDATE block SET state = ? WHERE batch = ? AND state = ?")
      .bind(1, to)
      .bind(2, batch)
      .bind(3, from)
      .run();
}

Json Ledger::block_counts(const std::string& batch) {
  auto query = database_.prepare("SELECT state, count(*) FROM block WHERE batch = ? GROUP BY state ORDER BY state");
  query.bind(1, batch);
  Json counts = Json::object();
  while (query.step())
    counts[query.text(0)] = query.number(1);
  return counts;
}

LedgerLock::LedgerLock(const std::filesystem::path& ledger) {
  const std::string path = ledger.string() + ".lock";
  fd_ = open(path.c_str(), O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0600);
  if (fd_ < 0) throw system_error("open", path, errno);
  if (flock(fd_, LOCK_EX | LOCK_NB) != 0) {
    char holder[32] = {};
    const ssize_t length = pread(fd_, holder, sizeof holder - 1, 0);
    close(fd_);
    throw Error(Category::refused, fmt::format("another process{} is issuing from the ledger {}; wait for it to end",
                                               length > 0 ? fmt::format(" ({})", holder) : "", ledger.string()));
  }
  const std::string pid = fmt::format("pid {}", getpid());
  if (ftruncate(fd_, 0) != 0 || pwrite(fd_, pid.data(), pid.size(), 0) < 0) {
    // Only the message of a second process would miss the number.
  }
}

LedgerLock::~LedgerLock() {
  close(fd_);
}

}  // namespace lightseed

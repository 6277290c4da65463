// SPDX-License-Identifier: Apache-2.0
#include "provision/ledger/sqlite/restore.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <span>
#include <system_error>
#include <vector>

#include "core/atomic_file.h"
#include "core/error.h"
#include "provision/ledger/head_file.h"
#include "provision/ledger/sql/schema_text.h"
#include "provision/ledger/sqlite/ledger_file.h"
#include "provision/ledger/sqlite/migration.h"
#include "provision/ledger/sqlite/schema.h"
#include "provision/ledger/sqlite/sqlite_ledger.h"

namespace lightseed {
namespace {

namespace fs = std::filesystem;

/// Nothing is overwritten, and no journal of the ledger that was there is left to be played into the copy.
void require_free(const fs::path& path) {
  for (const char* const ending : {"", "-journal", "-wal"}) {
    const fs::path one = path.string() + ending;
    std::error_code error;
    if (fs::symlink_status(one, error).type() != fs::file_type::not_found)
      throw Error(Category::refused, fmt::format("{} is there: move the ledger that was there away, with its journal; "
                                                 "its head file stays",
                                                 one.string()));
  }
}

/// The copy as it is to be read: whole, and with a history.
std::unique_ptr<Ledger> open_copy(const fs::path& copy) {
  {
    const LedgerFile file = LedgerFile::open(copy.string(), LedgerFile::Access::read);
    if (recognise(file) == LedgerKind::empty)
      throw Error(Category::refused, fmt::format("{} is empty: it is no copy of a ledger", copy.string()));
  }
  auto ledger = open_sqlite_ledger(copy.string(), {});
  const LedgerFindings findings = ledger->examine(Depth::blocks);
  if (!ledger->position()) {
    throw Error(Category::refused, fmt::format("{} is of a version that kept no history: nothing tells how old it is, "
                                               "and it is not put back",
                                               copy.string()));
  }
  if (!findings.faults.empty())
    throw Error(Category::refused, fmt::format("{} is not put back: {}", copy.string(), findings.faults.front()));
  return ledger;
}

bool is_known(std::span<const LedgerEvent> events, const LedgerPosition& position) {
  return std::ranges::any_of(events, [&](const LedgerEvent& event) {
    return event.sequence == position.sequence && event.digest == position.chain_head;
  });
}

/// A ledger in the making, with all that lies beside it: also what it was before it was brought up to date.
void unlink_all(const fs::path& path) {
  for (const char* const ending : {"", "-journal", ".head", ".head.new", ".part"})
    unlink((path.string() + ending).c_str());
  for (std::int64_t schema = 1; schema < ledger_schema_version; ++schema)
    unlink(backup_name(path, schema).c_str());
}

/// The place as the ledger will know it once the file has this path; its inode stays.
std::string place_at(const fs::path& path, const fs::path& made) {
  const std::string place = LedgerFile::open(made.string(), LedgerFile::Access::read).place();
  return path.string() + place.substr(fs::canonical(made).string().size());
}

}  // namespace

Restoration restore_sqlite_ledger(const fs::path& copy, const std::string& place, const LedgerAccess& access) {
  if (copy.empty())
    throw Error(Category::usage, fmt::format("the copy that is to become the ledger {} is not named", place));
  const fs::path path = LedgerFile::path_of_new(place);
  require_free(path);
  const HeadFile head(path);
  const auto remembered = head.read();
  if (!remembered && !access.without_memory) {
    throw Error(Category::refused,
                fmt::format("{} is missing, which remembers how far the history of the ledger went and in which epoch: "
                            "find it, for without it nobody knows how old the copy is. Where it is gone, say that the "
                            "copy may be put back without; if one was put back before, its epoch begins again, and "
                            "orders of it may be issued twice",
                            head.path().string()));
  }
  const auto old = open_copy(copy);
  const LedgerPosition end = old->position().value();
  if (remembered && remembered->ledger_id != end.ledger_id) {
    throw Error(Category::refused, fmt::format("{} is a copy of another ledger than the one that {} remembers",
                                               copy.string(), head.path().string()));
  }
  Restoration done;
  done.position = end;
  done.epoch = old->epoch();
  const std::vector<LedgerEvent> events = old->events();
  done.is_new_epoch = !remembered || !is_known(events, *remembered);
  done.copied = events.back().moment;
  if (!done.is_new_epoch) {
    (void)old->back_up(path);
    return done;
  }
  for (const BatchRecord& batch : old->batches()) {
    if (!is_unfinished(batch.state)) continue;
    ++done.burned;
    done.orders.push_back(batch.order_id);
  }
  // The head is written before the ledger has its place: whatever ends the call in between, there is either no ledger,
  // or one that is in its new epoch and that the head remembers.
  const fs::path made = path.string() + ".restoring";
  unlink_all(made);  // of a call that was killed here
  try {
    (void)old->back_up(made);
    const std::string now = place_at(path, made);
    {
      const auto ledger = open_sqlite_ledger(made.string(), {.mode = LedgerAccess::Mode::issue});
      done.position = ledger->begin_epoch({.place = now, .remembered = remembered, .remembered_epoch = head.epoch()});
      done.epoch = ledger->epoch();
    }
    head.write(done.position, done.epoch);
    if (const int error = name_hidden_file(made, path); error != 0) throw system_error("make", path.string(), error);
  } catch (...) {
    unlink_all(made);
    throw;
  }
  unlink_all(made);
  sync_directory(path.parent_path());
  return done;
}

}  // namespace lightseed

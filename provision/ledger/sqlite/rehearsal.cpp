// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>
#include <sys/stat.h>

#include <cerrno>

#include "core/error.h"
#include "provision/ledger/head_file.h"
#include "provision/ledger/sql/usable.h"
#include "provision/ledger/sqlite/schema.h"
#include "provision/ledger/sqlite/sqlite_ledger.h"

// What opening a ledger for issuing and taking its lock would come to, found out by reading alone.

namespace lightseed {
namespace {

bool is_missing(const std::filesystem::path& path) {
  struct stat status {};
  return lstat(path.c_str(), &status) != 0 && errno == ENOENT;
}

}  // namespace

std::unique_ptr<Ledger> rehearse_sqlite_ledger(const std::string& place, const LedgerAccess& access) {
  const std::filesystem::path path = LedgerFile::path_of_new(place);
  if (is_missing(path)) {
    LedgerFile::require_right_to_make_beside(path);
    HeadFile(path).require_none(path);
    return nullptr;
  }
  const LedgerFile file = LedgerFile::open(place, LedgerFile::Access::write);
  file.require_right_to_write();
  file.require_unlocked();
  const LedgerKind kind = has_unfinished_change(file) ? LedgerKind::current : recognise(file);
  if (kind == LedgerKind::empty) {
    HeadFile(path).require_none(path);
    return nullptr;
  }
  auto ledger = open_sqlite_ledger(place, {});  // reads, and says so where a change is in its middle
  // A migration vouches for rows as they are: all of them are looked at before.
  require_usable(path.string(), ledger->examine(kind == LedgerKind::older ? Depth::blocks : Depth::history), access);
  if (kind == LedgerKind::older)
    access.notice(fmt::format("the ledger {} is of an older version and would be brought up to date", path.string()));
  return ledger;
}

}  // namespace lightseed

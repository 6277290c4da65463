// SPDX-License-Identifier: Apache-2.0
#include "provision/ledger/postgres/memory.h"

#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>

#include "core/hex.h"
#include "crypto/digest.h"

namespace lightseed {
namespace {

namespace fs = std::filesystem;

std::string setting(const char* name) {
  const char* const value = secure_getenv(name);
  return value == nullptr ? std::string() : value;
}

fs::path state_directory() {
  // systemd separates several by colons; the first is the service's own.
  const std::string service = setting("STATE_DIRECTORY");
  if (service.starts_with('/')) return fs::path(service.substr(0, service.find(':'))) / "ledgers";
  if (const std::string state = setting("XDG_STATE_HOME"); state.starts_with('/'))
    return fs::path(state) / "lightseed" / "ledgers";
  if (const std::string home = setting("HOME"); home.starts_with('/'))
    return fs::path(home) / ".local" / "state" / "lightseed" / "ledgers";
  throw Error(
      Category::usage,
      "there is no directory to remember in where the ledger's history ended: set HOME, XDG_STATE_HOME or, for a "
      "service, STATE_DIRECTORY");
}

fs::path name_of_place(const fs::path& directory, const std::string& place) {
  return directory / ("at-" + hex(sha256(std::as_bytes(std::span(place)))).substr(0, 32));
}

}  // namespace

PostgresMemory::PostgresMemory(std::string ledger_name, const std::string& place)
    : name_(std::move(ledger_name)), directory_(state_directory()), at_place_(name_of_place(directory_, place)) {}

void PostgresMemory::make_directory() const {
  std::error_code error;
  fs::create_directories(directory_.parent_path(), error);
  if (error) throw system_error("make", directory_.parent_path().string(), error.value());
  if (mkdir(directory_.c_str(), 0700) != 0 && errno != EEXIST) throw system_error("make", directory_.string(), errno);
  struct stat status {};
  if (stat(directory_.c_str(), &status) != 0) throw system_error("look at", directory_.string(), errno);
  if (!S_ISDIR(status.st_mode) || (status.st_mode & (S_IWGRP | S_IWOTH)) != 0) {
    throw Error(Category::refused, fmt::format("{}, where this host remembers its ledgers, may be changed by others or "
                                               "is no directory: chmod go-w it, and look whether it was changed",
                                               directory_.string()));
  }
}

void PostgresMemory::require_none() const {
  at_place_.require_none(name_);
}

void PostgresMemory::require_same(const std::string& ledger_id) const {
  const auto remembered = at_place_.read();
  if (!remembered || remembered->ledger_id == ledger_id) return;
  throw Error(
      Category::refused,
      fmt::format("{} remembers another ledger in {} than the one that is there: it was replaced. Put the right "
                  "one back; orders that it issued would be issued again. Where the exchange was meant, remove "
                  "that file",
                  at_place_.path().string(), name_));
}

void PostgresMemory::note(const LedgerPosition& position) const {
  if (!at_place_.read()) at_place_.write(position);
}

void PostgresMemory::forget(const std::string& ledger_id) const noexcept {
  unlink(head_of(ledger_id).path().c_str());
  unlink(at_place_.path().c_str());
}

HeadFile PostgresMemory::head_of(const std::string& ledger_id) const {
  return HeadFile(directory_ / ledger_id);
}

}  // namespace lightseed

// SPDX-License-Identifier: Apache-2.0
#include "provision/ledger/head_file.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <string>

#include "core/atomic_file.h"
#include "core/byte_views.h"
#include "core/error.h"
#include "core/write_all.h"
#include "evidence/json_text.h"
#include "provision/ledger/epoch.h"

namespace lightseed {
namespace {

constexpr const char* epoch_member = "epoch";

}  // namespace

std::optional<HeadFile::Head> HeadFile::head() const {
  struct stat status {};
  if (lstat(path_.c_str(), &status) != 0) {
    if (errno == ENOENT) return std::nullopt;
    throw system_error("look at", path_.string(), errno);
  }
  try {
    if (!S_ISREG(status.st_mode)) throw Error(Category::malformed, "it is no regular file");
    Json json = parse_json(read_text_file(path_, 4096), path_.string());
    Head head;
    ObjectReader reader(json, "");
    if (reader.has(epoch_member)) {
      head.epoch = reader.count(epoch_member, 2, most_epochs);
      json.erase(epoch_member);
    }
    head.position = ledger_position_from(ObjectReader(json, ""));
    return head;
  } catch (const Error& e) {
    throw Error(Category::refused, fmt::format("{} does not say where the ledger's history ended: {}; put it back from "
                                               "a copy, or remove it if the ledger is surely the newest",
                                               path_.string(), e.what()));
  }
}

std::optional<LedgerPosition> HeadFile::read() const {
  const auto there = head();
  return there ? std::optional(there->position) : std::nullopt;
}

std::uint64_t HeadFile::epoch() const {
  return head().value_or(Head{}).epoch;
}

void HeadFile::write(const LedgerPosition& position, std::uint64_t epoch) const {
  const std::string next = path_.string() + ".new";
  unlink(next.c_str());  // of a run that was killed here
  const int fd = open(next.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
  if (fd < 0) throw system_error("write", next, errno);
  Json json = to_json(position);
  if (epoch > 1) json[epoch_member] = epoch;
  const std::string text = json_text(json) + "\n";
  int error = write_all(fd, bytes_of(text));
  if (error == 0 && fsync(fd) != 0) error = errno;
  close(fd);
  if (error != 0) {
    unlink(next.c_str());
    throw system_error("write", next, error);
  }
  if (std::rename(next.c_str(), path_.c_str()) != 0) {
    error = errno;
    unlink(next.c_str());
    throw system_error("write", path_.string(), error);
  }
  sync_directory(path_.parent_path());
}

void HeadFile::require_none(const std::filesystem::path& ledger) const {
  if (!read()) return;
  throw Error(Category::refused, fmt::format("{} remembers a ledger that is no longer in {}: put it back from the "
                                             "newest copy. Orders that it issued would be issued again",
                                             path_.string(), ledger.string()));
}

Error refused_without_head(std::string_view missing) {
  return Error(Category::refused, fmt::format("{}. Put back the newest ledger together with its head file; if this "
                                              "ledger is surely the newest, say that it may be used without",
                                              missing));
}

}  // namespace lightseed

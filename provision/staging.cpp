// SPDX-License-Identifier: Apache-2.0
#include "provision/staging.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <string_view>
#include <utility>

#include "core/atomic_directory.h"
#include "core/atomic_file.h"
#include "core/error.h"
#include "core/hex.h"
#include "crypto/digest.h"
#include "provision/certificate.h"
#include "provision/key_audit_file.h"
#include "provision/outlet.h"

namespace lightseed {
namespace {

namespace fs = std::filesystem;

constexpr const char* marker_name = ".lightseed-batch";

std::string marker_text(const std::string& batch, const std::string& ledger_id) {
  return fmt::format("unfinished files of batch {}\nledger {}\n", batch, ledger_id);
}

bool is_hex(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); });
}

bool is_uuid(std::string_view text) {
  if (text.size() != 36) return false;
  for (const std::size_t dash : {8U, 13U, 18U, 23U})
    if (text[dash] != '-') return false;
  std::string digits(text);
  std::erase(digits, '-');
  return digits.size() == 32 && is_hex(digits);
}

bool is_file_of(std::string_view name, std::string_view batch) {
  return name == certificate_name(batch) || name == key_audit_name(batch) || is_key_file_name(name, batch);
}

/// A name that making the batch can have given a file: its files, its certificate, the audit, and their hidden names on
/// the way (AtomicFile: ".NAME." and 16 hexadecimal digits).
bool is_made_by(std::string_view name, std::string_view batch) {
  if (is_file_of(name, batch)) return true;
  constexpr std::size_t salt = 17;
  if (!name.starts_with('.') || name.size() <= salt + 1 || name[name.size() - salt] != '.') return false;
  if (!is_hex(name.substr(name.size() - salt + 1))) return false;
  const std::string_view inner = name.substr(1, name.size() - salt - 1);
  return inner == marker_name || is_file_of(inner, batch);
}

/// A directory of ours, opened without following a link.
class OwnDirectory {
 public:
  explicit OwnDirectory(const fs::path& path)
      : fd_(open(path.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)), error_(fd_ < 0 ? errno : 0) {
    struct stat status {};
    ours_ = fd_ >= 0 && fstat(fd_, &status) == 0 && status.st_uid == geteuid();
  }
  ~OwnDirectory() {
    if (fd_ >= 0) close(fd_);
  }
  OwnDirectory(const OwnDirectory&) = delete;
  OwnDirectory& operator=(const OwnDirectory&) = delete;

  [[nodiscard]] int fd() const noexcept { return fd_; }
  [[nodiscard]] int error() const noexcept { return error_; }
  [[nodiscard]] bool is_ours() const noexcept { return ours_; }
  /// The content of a small regular file in it; nothing when there is none.
  [[nodiscard]] std::optional<std::string> small_file(const char* name) const {
    const int file = openat(fd_, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
    if (file < 0) return std::nullopt;
    std::string text(4096, '\0');
    const ssize_t length = read(file, text.data(), text.size());
    close(file);
    if (length < 0) return std::nullopt;
    text.resize(static_cast<std::size_t>(length));
    return text;
  }

 private:
  int fd_;
  int error_;
  bool ours_ = false;
};

/// Names in a directory; nothing when it cannot be read.
std::vector<std::string> names_in(const fs::path& directory) {
  std::vector<std::string> names;
  std::error_code error;
  for (fs::directory_iterator entry(directory, error), end; !error && entry != end; entry.increment(error))
    names.push_back(entry->path().filename().string());
  return names;
}

bool is_plain_file(const fs::path& path) {
  struct stat status {};
  return lstat(path.c_str(), &status) == 0 && S_ISREG(status.st_mode);
}

}  // namespace

bool is_desktop_litter(std::string_view name) noexcept {
  constexpr std::array<std::string_view, 5> litter{".DS_Store", "Thumbs.db", "desktop.ini", ".directory", ".localized"};
  return std::find(litter.begin(), litter.end(), name) != litter.end();
}

fs::path staging_path(const fs::path& target, const std::string& batch) {
  const bool sound = target.is_absolute() && target.has_filename() && target == target.lexically_normal();
  if (!sound || !is_uuid(batch)) {
    throw Error(Category::refused,
                fmt::format("batch '{}' in '{}' is none that this program makes", batch, target.string()));
  }
  return target.parent_path() / fmt::format(".{}.{}", target.filename().string(), batch);
}

void make_staging(const fs::path& staging, const std::string& batch, const std::string& ledger_id) {
  if (mkdir(staging.c_str(), 0700) != 0) throw system_error("create", staging.string(), errno);
  AtomicFile marker(staging / marker_name, AtomicFile::Mode::secret);
  marker.write(marker_text(batch, ledger_id));
  marker.commit();
}

std::optional<std::string> remove_staging(const fs::path& staging, const std::string& batch,
                                          const std::string& ledger_id) {
  const OwnDirectory directory(staging);
  if (directory.error() == ENOENT) return std::nullopt;
  if (!directory.is_ours())
    return fmt::format("{} is no directory of this user's; it was left alone", staging.string());
  const auto marker = directory.small_file(marker_name);
  const std::vector<std::string> names = names_in(staging);
  // A directory that is empty was made a moment before its end; there is nothing in it to protect.
  if (marker != marker_text(batch, ledger_id) && !names.empty()) {
    return fmt::format("{} does not say that it is this batch's; look into it and remove it by hand", staging.string());
  }
  for (const std::string& name : names)
    if (is_made_by(name, batch)) unlinkat(directory.fd(), name.c_str(), 0);
  // The marker goes last: until then the directory can be recognised.
  for (const std::string& name : names_in(staging)) {
    if (name == marker_name) continue;
    return fmt::format("{} holds '{}', which is not the batch's; it was left there", staging.string(), name);
  }
  unlinkat(directory.fd(), marker_name, 0);
  if (rmdir(staging.c_str()) != 0) return system_error("remove", staging.string(), errno).what();
  return std::nullopt;
}

bool is_finished_staging(const fs::path& staging, const std::string& batch, const std::string& certificate_sha256) {
  const fs::path certificate = staging / certificate_name(batch);
  return OwnDirectory(staging).is_ours() && is_plain_file(certificate) &&
         hex(sha256_of_file(certificate.string())) == certificate_sha256;
}

void sync_staging(const fs::path& staging) {
  sync_directory(staging);
  // The directory's own name as well: without it, a power cut could take the files of a batch that counts as issued.
  sync_directory(staging.parent_path());
}

std::vector<std::string> names_in_the_way(const fs::path& target) {
  struct stat status {};
  if (lstat(target.c_str(), &status) != 0) {
    if (errno == ENOENT) return {};
    throw system_error("look at", target.string(), errno);
  }
  if (!S_ISDIR(status.st_mode)) {
    throw Error(Category::io,
                fmt::format("{} exists already and is no directory; choose another name", target.string()));
  }
  std::error_code error;
  fs::directory_iterator entry(target, error);
  if (error) throw system_error("look into", target.string(), error.value());
  std::vector<std::string> names = names_in(target);
  std::erase_if(names,
                [&](const std::string& name) { return is_desktop_litter(name) && is_plain_file(target / name); });
  return names;
}

void publish_staging(const fs::path& staging, const BatchRecord& batch) try {
  const fs::path target = batch.directory;
  unlink((staging / marker_name).c_str());
  if (names_in_the_way(target).empty()) {
    for (const std::string& name : names_in(target))
      unlink((target / name).c_str());  // litter alone
  }
  publish_directory(staging, target);
} catch (const Error& e) {
  throw Error(e.category(),
              fmt::format("batch {} of order {} is issued and counts; its files are in {}: rename that to "
                          "{}, or free that name and make the same call again ({})",
                          batch.id, batch.order_id, staging.string(), batch.directory, e.what()));
}

}  // namespace lightseed

// SPDX-License-Identifier: Apache-2.0
#include "provision/ledger/sqlite/ledger_file.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <cstdlib>
#include <map>
#include <mutex>
#include <thread>
#include <utility>

#include "core/error.h"

namespace lightseed {

namespace fs = std::filesystem;

struct LedgerFile::Inode {
  explicit Inode(int descriptor) : fd(descriptor) {}
  ~Inode() { close(fd); }
  Inode(const Inode&) = delete;
  Inode& operator=(const Inode&) = delete;
  int fd;
  bool locked = false;  ///< by this process: flock() would let the same descriptor have it twice
};

namespace {

using InodeNumber = std::pair<dev_t, ino_t>;

std::mutex open_files_mutex;

std::map<InodeNumber, std::weak_ptr<LedgerFile::Inode>>& open_files() {
  static std::map<InodeNumber, std::weak_ptr<LedgerFile::Inode>> files;
  return files;
}

/// The path without symbolic links; its last part need not exist.
fs::path resolved(const std::string& name) {
  if (name.empty() || name.front() == ':' || name.find('\0') != std::string::npos || name.ends_with('/')) {
    throw Error(Category::usage,
                fmt::format("'{}' is no name for a ledger; it is kept in a file, for example ledger.db", name));
  }
  std::error_code error;
  const fs::path path = fs::absolute(name, error);
  if (error) throw system_error("find", name, error.value());
  struct stat link {};
  if (lstat(path.c_str(), &link) != 0 && errno == ENOENT) {
    const fs::path folder = fs::canonical(path.parent_path(), error);
    if (error) throw system_error("find the directory of the ledger", path.string(), error.value());
    return folder / path.filename();
  }
  fs::path whole = fs::canonical(path, error);
  if (error) throw system_error("find the ledger", path.string(), error.value());
  return whole;
}

void require_sound(const struct stat& status, const fs::path& path, LedgerFile::Access access) {
  if (!S_ISREG(status.st_mode)) {
    throw Error(Category::refused, fmt::format("{} is no regular file; a ledger is kept in one", path.string()));
  }
  if (status.st_nlink > 1) {
    throw Error(Category::refused,
                fmt::format("the ledger {} has {} names (hard links): two processes could issue from it unseen; remove "
                            "the other names",
                            path.string(), status.st_nlink));
  }
  if (access != LedgerFile::Access::read && (status.st_mode & (S_IWGRP | S_IWOTH)) != 0) {
    throw Error(Category::refused,
                fmt::format("the ledger {} may be changed by others (mode {:04o}): chmod go-w it, and "
                            "look whether it was changed",
                            path.string(), status.st_mode & 07777U));
  }
}

/// Says who issues, for the message of whoever comes second; the lock is elsewhere.
fs::path holder_note(const fs::path& path) {
  return path.string() + ".lock";
}

std::string holder_of(const fs::path& path) {
  const int fd = ::open(holder_note(path).c_str(), O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
  if (fd < 0) return {};
  char text[32] = {};
  const ssize_t length = read(fd, text, sizeof text - 1);
  close(fd);
  return length > 0 ? fmt::format(" ({})", std::string_view(text, static_cast<std::size_t>(length))) : "";
}

Error held_by_another(const fs::path& path) {
  return Error(Category::busy, fmt::format("another process{} is issuing from the ledger {}; wait for it to end",
                                           holder_of(path), path.string()));
}

class FileLock : public LedgerLock {
 public:
  FileLock(std::shared_ptr<LedgerFile::Inode> inode, const fs::path& path)
      : inode_(std::move(inode)), note_(holder_note(path)) {
    inode_->locked = true;
    const int fd = ::open(note_.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, 0600);
    if (fd < 0) return;  // only the message of a second process would miss the number
    const std::string pid = fmt::format("pid {}", getpid());
    [[maybe_unused]] const ssize_t written = write(fd, pid.data(), pid.size());
    close(fd);
  }
  ~FileLock() override {
    unlink(note_.c_str());
    flock(inode_->fd, LOCK_UN);
    inode_->locked = false;
  }
  FileLock(const FileLock&) = delete;
  FileLock& operator=(const FileLock&) = delete;

 private:
  std::shared_ptr<LedgerFile::Inode> inode_;
  fs::path note_;
};

}  // namespace

LedgerFile LedgerFile::open(const std::string& name, Access access) {
  LedgerFile file;
  file.path_ = resolved(name);
  const std::scoped_lock guard(open_files_mutex);
  struct stat status {};
  if (access == Access::create && stat(file.path_.c_str(), &status) != 0 && errno == ENOENT) {
    const int fd = ::open(file.path_.c_str(), O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
    if (fd < 0) throw system_error("make the ledger", file.path_.string(), errno);
    file.inode_ = std::make_shared<Inode>(fd);
    file.is_new_ = true;
    if (fchmod(fd, 0600) != 0 || fstat(fd, &status) != 0)
      throw system_error("make the ledger", file.path_.string(), errno);
    open_files()[{status.st_dev, status.st_ino}] = file.inode_;
    return file;
  }
  if (stat(file.path_.c_str(), &status) != 0) throw system_error("open the ledger", file.path_.string(), errno);
  require_sound(status, file.path_, access);
  std::weak_ptr<Inode>& known = open_files()[{status.st_dev, status.st_ino}];
  file.inode_ = known.lock();
  if (file.inode_ != nullptr) return file;
  // Not opened for writing: whoever reads a ledger may not have the right to.
  const int fd = ::open(file.path_.c_str(), O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
  if (fd < 0) throw system_error("open the ledger", file.path_.string(), errno);
  file.inode_ = std::make_shared<Inode>(fd);
  struct stat opened {};
  if (fstat(fd, &opened) != 0 || opened.st_dev != status.st_dev || opened.st_ino != status.st_ino) {
    throw Error(Category::refused, fmt::format("the ledger {} was replaced while it was opened", file.path_.string()));
  }
  known = file.inode_;
  return file;
}

std::string LedgerFile::place() const {
  struct stat status {};
  if (fstat(inode_->fd, &status) != 0) throw system_error("look at the ledger", path_.string(), errno);
  return fmt::format("{} (inode {})", path_.string(), status.st_ino);
}

std::uint64_t LedgerFile::size() const {
  struct stat status {};
  if (fstat(inode_->fd, &status) != 0) throw system_error("look at the ledger", path_.string(), errno);
  return static_cast<std::uint64_t>(status.st_size);
}

std::string LedgerFile::head() const {
  std::string bytes(100, '\0');
  const ssize_t length = pread(inode_->fd, bytes.data(), bytes.size(), 0);
  if (length < 0) throw system_error("read the ledger", path_.string(), errno);
  bytes.resize(static_cast<std::size_t>(length));
  return bytes;
}

void LedgerFile::require_in_place() const {
  struct stat named {};
  struct stat opened {};
  if (fstat(inode_->fd, &opened) != 0) throw system_error("look at the ledger", path_.string(), errno);
  if (lstat(path_.c_str(), &named) != 0 || named.st_dev != opened.st_dev || named.st_ino != opened.st_ino) {
    throw Error(Category::refused,
                fmt::format("the ledger {} was moved or replaced while it was in use", path_.string()));
  }
  require_sound(opened, path_, Access::write);
}

std::unique_ptr<LedgerLock> LedgerFile::issuing_lock() const {
  const auto busy = [&] { return held_by_another(path_); };
  if (inode_->locked) throw busy();
  // Somebody who asks whether it is locked holds a share of it for an instant.
  constexpr int tries = 10;
  for (int i = 1; flock(inode_->fd, LOCK_EX | LOCK_NB) != 0; ++i) {
    if (errno != EWOULDBLOCK) throw system_error("lock the ledger", path_.string(), errno);
    if (i == tries) throw busy();
    std::this_thread::sleep_for(std::chrono::milliseconds(2));
  }
  auto lock = std::make_unique<FileLock>(inode_, path_);
  require_in_place();
  return lock;
}

bool LedgerFile::is_locked() const {
  if (inode_->locked) return true;  // a second flock() of the same descriptor would weaken the first
  if (flock(inode_->fd, LOCK_SH | LOCK_NB) != 0) {
    if (errno == EWOULDBLOCK) return true;
    throw system_error("look at the lock of the ledger", path_.string(), errno);
  }
  flock(inode_->fd, LOCK_UN);
  return false;
}

void LedgerFile::require_unlocked() const {
  if (is_locked()) throw held_by_another(path_);
}

void LedgerFile::require_right_to_write() const {
  if (faccessat(AT_FDCWD, path_.c_str(), R_OK | W_OK, AT_EACCESS) != 0)
    throw system_error("write to the ledger", path_.string(), errno);
  require_right_to_make_beside(path_);
}

void LedgerFile::require_right_to_make_beside(const fs::path& path) {
  if (faccessat(AT_FDCWD, path.parent_path().c_str(), W_OK | X_OK, AT_EACCESS) != 0)
    throw system_error("make a file beside the ledger", path.string(), errno);
}

fs::path LedgerFile::path_of_new(const std::string& name) {
  return resolved(name);
}

}  // namespace lightseed

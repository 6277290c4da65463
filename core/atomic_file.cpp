// SPDX-License-Identifier: Apache-2.0
#include "core/atomic_file.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdio>
#include <memory>
#include <string>
#include <utility>

#include "core/error.h"
#include "core/hex.h"
#include "core/system_random.h"
#include "core/write_all.h"

namespace lightseed {
namespace {

Error already_exists(const std::filesystem::path& path) {
  return Error(Category::io, fmt::format("{} exists already; move it away or choose another name", path.string()));
}

std::filesystem::path directory_of(const std::filesystem::path& path) {
  return path.has_parent_path() ? path.parent_path() : std::filesystem::path(".");
}

/// A hidden file of our own beside `path`, open; its name goes to `hidden`. -1 and errno otherwise.
int open_hidden(const std::filesystem::path& path, mode_t permissions, std::filesystem::path& hidden) {
  std::array<std::byte, 8> salt;
  system_random(salt);
  hidden = directory_of(path) / fmt::format(".{}.{}", path.filename().string(), hex(salt));
  return open(hidden.c_str(), O_CREAT | O_EXCL | O_NOFOLLOW | O_RDWR | O_CLOEXEC, permissions);
}

/// A nameless file gets its name through /proc; without that it would never have one.
bool nameless_files_can_be_named() {
  return access("/proc/self/fd", X_OK) == 0;
}

}  // namespace

int name_hidden_file(const std::filesystem::path& hidden, const std::filesystem::path& path) {
  // A link, not a rename: it fails when somebody took the name meanwhile.
  if (link(hidden.c_str(), path.c_str()) == 0) {
    unlink(hidden.c_str());
    return 0;
  }
  if (errno == EEXIST) return errno;
  // exFAT, vfat and many network file systems have no hard links.
  if (renameat2(AT_FDCWD, hidden.c_str(), AT_FDCWD, path.c_str(), RENAME_NOREPLACE) == 0) return 0;
  if (errno != EINVAL && errno != ENOSYS) return errno;
  // Nor that: an empty file takes the name, so that nobody else can, and the whole one replaces it.
  const int fd = open(path.c_str(), O_CREAT | O_EXCL | O_NOFOLLOW | O_WRONLY | O_CLOEXEC, 0600);
  if (fd < 0) return errno;
  close(fd);
  if (std::rename(hidden.c_str(), path.c_str()) == 0) return 0;
  const int error = errno;
  unlink(path.c_str());
  return error;
}

namespace {

/// The umask must not decide who reads a certificate, nor a group bit leak into a secret. Where a file system has no
/// permissions of its own, those it shows must be no wider.
bool set_permissions(int fd, mode_t permissions) {
  if (fchmod(fd, permissions) == 0) return true;
  const int error = errno;
  struct stat status {};
  const bool narrow = fstat(fd, &status) == 0 && (status.st_mode & 0777U & ~permissions) == 0;
  errno = error;
  return narrow;
}

/// For a file system that makes nameless files and then gives them no name: a hidden file with the same bytes takes the
/// place of `fd`. Throws Error(io); `hidden` is then ours to remove all the same.
void replace_by_hidden_file(int& fd, const std::filesystem::path& path, std::filesystem::path& hidden) {
  struct stat status {};
  const mode_t permissions = fstat(fd, &status) == 0 ? status.st_mode & 0777U : 0600;
  std::filesystem::path name;
  const int copy = open_hidden(path, permissions, name);
  if (copy < 0) throw system_error("create", path.string(), errno);
  const int nameless = std::exchange(fd, copy);
  hidden = name;
  off_t from = 0;
  bool good = set_permissions(copy, permissions);
  while (good && from < status.st_size)
    good = sendfile(copy, nameless, &from, static_cast<std::size_t>(status.st_size - from)) > 0;
  good = good && fsync(copy) == 0;
  const int error = errno;
  close(nameless);
  if (!good) throw system_error("write", path.string(), error);
}

}  // namespace

AtomicFile::AtomicFile(std::filesystem::path path, Mode mode) : path_(std::move(path)) {
  struct stat existing {};
  if (lstat(path_.c_str(), &existing) == 0) throw already_exists(path_);
  const auto permissions = static_cast<mode_t>(mode);
  if (nameless_files_can_be_named()) {
    fd_ = open(directory_of(path_).c_str(), O_TMPFILE | O_RDWR | O_CLOEXEC, permissions);
    if (fd_ < 0 && errno != EOPNOTSUPP && errno != EISDIR && errno != EINVAL)
      throw system_error("create", path_.string(), errno);
  }
  if (fd_ < 0) fd_ = open_hidden(path_, permissions, hidden_);
  if (fd_ < 0) throw system_error("create", path_.string(), errno);
  if (!set_permissions(fd_, permissions)) {
    const int error = errno;
    close(fd_);
    if (!hidden_.empty()) unlink(hidden_.c_str());
    throw system_error("set the permissions of", path_.string(), error);
  }
}

AtomicFile::~AtomicFile() {
  if (fd_ < 0) return;
  close(fd_);
  if (!hidden_.empty()) unlink(hidden_.c_str());
}

void AtomicFile::write(std::span<const std::byte> bytes) {
  if (const int error = write_all(fd_, bytes); error != 0) throw system_error("write", path_.string(), error);
  written_ += bytes.size();
  // The disk begins while the rest is still being made, so that commit() has little to wait for. It is a wish: where it
  // is not granted, commit() waits.
  if (constexpr std::uint64_t stretch = 4 << 20; written_ - on_the_way_ >= stretch) {
    sync_file_range(fd_, static_cast<off_t>(on_the_way_), static_cast<off_t>(written_ - on_the_way_),
                    SYNC_FILE_RANGE_WRITE);
    on_the_way_ = written_;
  }
}

void AtomicFile::write(std::string_view text) {
  write(std::as_bytes(std::span(text.data(), text.size())));
}

void AtomicFile::sync() {
  if (fsync(fd_) != 0) throw system_error("sync", path_.string(), errno);
}

void AtomicFile::name() {
  if (hidden_.empty()) {
    const std::string self = fmt::format("/proc/self/fd/{}", fd_);
    if (linkat(AT_FDCWD, self.c_str(), AT_FDCWD, path_.c_str(), AT_SYMLINK_FOLLOW) != 0) {
      if (errno == EEXIST) throw already_exists(path_);
      replace_by_hidden_file(fd_, path_, hidden_);
    }
  }
  if (!hidden_.empty()) {
    const int error = name_hidden_file(hidden_, path_);
    if (error == EEXIST) throw already_exists(path_);
    if (error != 0) throw system_error("name", path_.string(), error);
    hidden_.clear();
  }
  close(std::exchange(fd_, -1));
}

void AtomicFile::commit() {
  AtomicFile* const alone = this;
  commit_together({&alone, 1});
}

// A kill between two names leaves the first ones, whole.
void AtomicFile::commit_together(std::span<AtomicFile* const> files) {
  for (AtomicFile* const file : files)
    file->sync();
  std::size_t named = 0;
  try {
    for (; named < files.size(); ++named)
      files[named]->name();
    std::filesystem::path synced;
    for (const AtomicFile* const file : files) {
      if (directory_of(file->path_) == synced) continue;
      synced = directory_of(file->path_);
      sync_directory(synced);
    }
  } catch (...) {
    for (const AtomicFile* const file : files.first(named))
      unlink(file->path_.c_str());
    throw;
  }
}

void sync_directory(const std::filesystem::path& directory) {
  const int fd = open(directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (fd < 0) throw system_error("open", directory.string(), errno);
  const int result = fsync(fd);
  const int error = errno;
  close(fd);
  // Some file systems cannot sync a directory and need not.
  if (result != 0 && error != EINVAL && error != ENOTSUP) throw system_error("sync", directory.string(), error);
}

RegularFile open_regular_file(const std::filesystem::path& path) {
  // Without O_NONBLOCK the opening of a FIFO would wait for a writer, for ever.
  const int fd = open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
  if (fd < 0) throw system_error("open", path.string(), errno);
  std::unique_ptr<std::FILE, int (*)(std::FILE*)> file(fdopen(fd, "rb"), std::fclose);
  if (file == nullptr) {
    const int error = errno;
    close(fd);
    throw system_error("open", path.string(), error);
  }
  struct stat status {};
  if (fstat(fd, &status) != 0) throw system_error("open", path.string(), errno);
  if (!S_ISREG(status.st_mode)) {
    throw Error(Category::io, fmt::format("{} is {}, not a file", path.string(),
                                          S_ISDIR(status.st_mode) ? "a directory" : "a pipe or a device"));
  }
  return {std::move(file), static_cast<std::uint64_t>(status.st_size)};
}

std::string read_text_file(const std::filesystem::path& path, std::size_t limit) {
  const RegularFile opened = open_regular_file(path);
  const auto& file = opened.file;
  std::string text;
  for (std::size_t got = 1; got > 0 && text.size() <= limit;) {
    // Small files are many, and a string's new bytes are cleared.
    const std::size_t before = text.size();
    const std::size_t step = std::clamp<std::size_t>(before, 4 << 10, 1 << 20);
    text.resize(before + std::min(step, limit + 1 - before));
    got = std::fread(text.data() + before, 1, text.size() - before, file.get());
    text.resize(before + got);
  }
  if (std::ferror(file.get()) != 0) throw system_error("read", path.string(), errno);
  if (text.size() > limit) {
    throw Error(Category::io, fmt::format("{} is larger than {} bytes; is it the right file?", path.string(), limit));
  }
  return text;
}

}  // namespace lightseed

// SPDX-License-Identifier: Apache-2.0
#include "provision/ledger/sqlite/outbox_lock.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <string>

#include "core/error.h"

namespace lightseed {
namespace {

class DeliveringLock final : public LedgerLock {
 public:
  DeliveringLock(int fd, std::string path) : fd_(fd), path_(std::move(path)) {}
  ~DeliveringLock() override {
    unlink(path_.c_str());  // while it is locked: whoever opened it meanwhile sees that it has no name any more
    close(fd_);
  }
  DeliveringLock(const DeliveringLock&) = delete;
  DeliveringLock& operator=(const DeliveringLock&) = delete;

 private:
  int fd_;
  std::string path_;
};

bool still_named(int fd, const std::string& path) {
  struct stat opened {};
  struct stat named {};
  return fstat(fd, &opened) == 0 && lstat(path.c_str(), &named) == 0 && opened.st_dev == named.st_dev &&
         opened.st_ino == named.st_ino;
}

}  // namespace

std::unique_ptr<LedgerLock> take_outbox_lock(const std::filesystem::path& ledger) {
  const std::string path = ledger.string() + ".delivering";
  for (;;) {
    const int fd = open(path.c_str(), O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0600);
    if (fd < 0) throw system_error("make the lock", path, errno);
    if (flock(fd, LOCK_EX | LOCK_NB) != 0) {
      const int error = errno;
      close(fd);
      if (error != EWOULDBLOCK) throw system_error("lock", path, error);
      throw Error(Category::busy,
                  fmt::format("another process is delivering the messages of the ledger {}; wait for it to end",
                              ledger.string()));
    }
    if (still_named(fd, path)) return std::make_unique<DeliveringLock>(fd, path);
    close(fd);  // whoever had it took its name away between the two calls
  }
}

}  // namespace lightseed

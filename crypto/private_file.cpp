// SPDX-License-Identifier: Apache-2.0
#include "crypto/private_file.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <string>

#include "core/error.h"

namespace lightseed {
namespace {

/// Closes what open() gave.
class Descriptor {
 public:
  explicit Descriptor(int fd) : fd_(fd) {}
  ~Descriptor() {
    if (fd_ >= 0) close(fd_);
  }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  [[nodiscard]] int get() const noexcept { return fd_; }

 private:
  int fd_;
};

void require_private(const struct stat& status, const std::string& path) {
  if ((status.st_mode & 077) != 0) {
    throw Error(Category::device, fmt::format("the key file {} can be read or changed by others (mode {:04o}); "
                                              "run: chmod 600 {}",
                                              path, status.st_mode & 07777U, path));
  }
  if (status.st_uid != geteuid() && status.st_uid != 0) {
    throw Error(Category::device,
                fmt::format("the key file {} belongs to user {}, who could exchange it; it must belong to user {}, who "
                            "runs this, or to root",
                            path, status.st_uid, geteuid()));
  }
}

/// Whoever may write in a directory may put another file in this one's place, unless it is sticky as /tmp is.
void require_private_directory(const std::filesystem::path& path) {
  const auto directory = path.has_parent_path() ? path.parent_path() : std::filesystem::path(".");
  struct stat status {};
  if (stat(directory.c_str(), &status) != 0) throw system_error("open", directory.string(), errno);
  if ((status.st_mode & S_IWOTH) != 0 && (status.st_mode & S_ISVTX) == 0) {
    throw Error(Category::device, fmt::format("the key file {} lies in a directory that everybody may write in; run: "
                                              "chmod o-w {}",
                                              path.string(), directory.string()));
  }
}

}  // namespace

SecretBytes read_private_file(const std::filesystem::path& path, std::size_t largest) {
  // Without O_NONBLOCK a FIFO would be waited for.
  const Descriptor file(open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY));
  if (file.get() < 0) throw system_error("open", path.string(), errno);
  struct stat status {};
  if (fstat(file.get(), &status) != 0) throw system_error("open", path.string(), errno);
  if (!S_ISREG(status.st_mode)) {
    throw Error(Category::io, fmt::format("{} is no regular file; a key is read from one only", path.string()));
  }
  require_private(status, path.string());
  require_private_directory(path);
  const auto size = static_cast<std::size_t>(status.st_size);
  if (size > largest) {
    throw Error(Category::io, fmt::format("{} is larger than {} bytes; is it the right file?", path.string(), largest));
  }
  SecretBytes bytes(size);
  for (std::size_t done = 0; done < size;) {
    const ssize_t got = read(file.get(), bytes.data() + done, size - done);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) throw system_error("read", path.string(), errno);
    if (got == 0) throw Error(Category::io, fmt::format("{} became shorter while it was read", path.string()));
    done += static_cast<std::size_t>(got);
  }
  return bytes;
}

}  // namespace lightseed

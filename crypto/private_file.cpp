// SPDX-License-Identifier: Apache-2.0
#include "crypto/private_file.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdint>
#include <string>
#include <system_error>

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

/// File systems whose files have the mode of the mount: FAT, exFAT, NTFS, SMB, and 9p, as WSL shows Windows' drives.
bool keeps_no_modes(int fd) {
  struct statfs facts {};
  if (fstatfs(fd, &facts) != 0) return false;
  constexpr std::array<std::uint32_t, 7> kinds{0x4d44,     0x2011bab0, 0x5346544e, 0xff534d42,
                                               0xfe534d42, 0x01021997, 0x53464846};
  return std::find(kinds.begin(), kinds.end(), static_cast<std::uint32_t>(facts.f_type)) != kinds.end();
}

/// Kubernetes mounts a secret as links into a folder whose name begins with two dots.
bool is_of_kubernetes(const std::string& path) {
  std::error_code error;
  const std::filesystem::path real = std::filesystem::canonical(path, error);
  return std::any_of(real.begin(), real.end(), [](const std::filesystem::path& part) {
    return part.string().size() > 2 && part.string().starts_with("..");
  });
}

/// What to do about a mode: chmod, but where that changes nothing.
std::string way_out(int fd, const std::string& path) {
  if (is_of_kubernetes(path)) {
    return "it is a volume of Kubernetes, which sets the mode: give the volume defaultMode: 0400 and the pod no "
           "fsGroup, "
           "which lets a group read";
  }
  if (keeps_no_modes(fd)) {
    return "its file system keeps no modes (FAT, SMB, a Windows drive under WSL), so that chmod changes nothing: copy "
           "it "
           "to one of Linux, such as your home folder, and chmod 600 it there";
  }
  return fmt::format("run: chmod 600 {}", path);
}

void require_private(int fd, const struct stat& status, const std::string& path) {
  if ((status.st_mode & 077) != 0) {
    throw Error(Category::device, fmt::format("the key file {} can be read or changed by others (mode {:04o}); {}",
                                              path, status.st_mode & 07777U, way_out(fd, path)));
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
  require_private(file.get(), status, path.string());
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

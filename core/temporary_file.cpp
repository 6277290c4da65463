// SPDX-License-Identifier: Apache-2.0
#include "core/temporary_file.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdlib>
#include <string_view>
#include <system_error>
#include <utility>

#include "core/error.h"
#include "core/hex.h"
#include "core/system_random.h"
#include "core/write_all.h"

namespace lightseed {
namespace {

namespace fs = std::filesystem;

Error no_use_of(std::string_view what, const fs::path& directory, int error) {
  return Error(Category::io,
               fmt::format("cannot {} a temporary file in {}: {}; the environment variable TMPDIR may name another "
                           "directory",
                           what, directory.string(), std::generic_category().message(error)));
}

fs::path usual_directory() {
  const char* const named = secure_getenv("TMPDIR");
  return named == nullptr || *named == '\0' ? "/var/tmp" : named;
}

/// For file systems without nameless files: one that loses its name at once.
int open_and_unlink(const fs::path& directory) {
  std::array<std::byte, 8> salt;
  system_random(salt);
  const fs::path path = directory / fmt::format(".lightseed-{}", hex(salt));
  const int fd = open(path.c_str(), O_CREAT | O_EXCL | O_NOFOLLOW | O_RDWR | O_CLOEXEC, 0600);
  if (fd >= 0) unlink(path.c_str());
  return fd;
}

}  // namespace

TemporaryFile::TemporaryFile() : TemporaryFile(usual_directory()) {}

TemporaryFile::TemporaryFile(fs::path directory)
    : directory_(std::move(directory)),
      fd_(open(directory_.c_str(), O_TMPFILE | O_EXCL | O_RDWR | O_CLOEXEC, 0600)) {  // O_EXCL: never to get a name
  if (fd_ < 0 && (errno == EOPNOTSUPP || errno == EISDIR || errno == EINVAL)) fd_ = open_and_unlink(directory_);
  if (fd_ < 0) throw no_use_of("make", directory_, errno);
}

TemporaryFile::~TemporaryFile() {
  close(fd_);
}

void TemporaryFile::append(std::span<const std::byte> bytes) {
  if (const int error = write_all(fd_, bytes); error != 0) throw no_use_of("write", directory_, error);
}

void TemporaryFile::read(std::uint64_t offset, std::span<std::byte> bytes) const {
  while (!bytes.empty()) {
    const ssize_t got = pread(fd_, bytes.data(), bytes.size(), static_cast<off_t>(offset));
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) throw no_use_of("read", directory_, got < 0 ? errno : EIO);
    offset += static_cast<std::uint64_t>(got);
    bytes = bytes.subspan(static_cast<std::size_t>(got));
  }
}

}  // namespace lightseed

// SPDX-License-Identifier: Apache-2.0
#include "core/write_all.h"

#include <unistd.h>

#include <cerrno>

namespace lightseed {

int write_all(int fd, std::span<const std::byte> bytes) noexcept {
  while (!bytes.empty()) {
    const ssize_t put = ::write(fd, bytes.data(), bytes.size());
    if (put < 0 && errno == EINTR) continue;
    if (put < 0) return errno;
    bytes = bytes.subspan(static_cast<std::size_t>(put));
  }
  return 0;
}

}  // namespace lightseed

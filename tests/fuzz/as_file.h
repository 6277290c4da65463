// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <sys/mman.h>
#include <unistd.h>

#include <cstddef>
#include <cstdint>
#include <string>

namespace lightseed::test {

/// Any bytes as a file in memory, for parsers that take a path.
class AsFile {
 public:
  AsFile(const std::uint8_t* data, std::size_t size) : fd_(memfd_create("fuzz", MFD_CLOEXEC)) {
    if (fd_ < 0 || ::write(fd_, data, size) != static_cast<ssize_t>(size)) __builtin_trap();
  }
  ~AsFile() { close(fd_); }
  AsFile(const AsFile&) = delete;
  AsFile& operator=(const AsFile&) = delete;

  [[nodiscard]] std::string path() const { return "/proc/self/fd/" + std::to_string(fd_); }

 private:
  int fd_;
};

}  // namespace lightseed::test

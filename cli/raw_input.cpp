// SPDX-License-Identifier: Apache-2.0
#include "cli/raw_input.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <utility>

#include "core/error.h"

namespace lightseed::cli {

RawInput::RawInput(std::string name, std::stop_token stop) : name_(std::move(name)), stop_(std::move(stop)) {
  fd_ = name_ == "-" ? STDIN_FILENO : open(name_.c_str(), O_RDONLY | O_CLOEXEC);
  if (fd_ < 0) throw system_error("open", name_, errno);
  struct stat status {};
  if (fstat(fd_, &status) == 0 && S_ISREG(status.st_mode)) bytes_ = static_cast<std::uint64_t>(status.st_size);
}

RawInput::~RawInput() {
  if (fd_ != STDIN_FILENO) close(fd_);
}

void RawInput::seek(std::uint64_t at) {
  if (lseek(fd_, static_cast<off_t>(at), SEEK_SET) < 0) throw system_error("seek in", name_, errno);
}

std::size_t RawInput::read(std::span<std::byte> out) const {
  for (;;) {
    if (stop_.stop_requested()) throw Error(Category::interrupted, fmt::format("{}: interrupted", name_));
    // Short waits, so that a stop is seen while a pipe is idle; files are always ready.
    pollfd waiting{.fd = fd_, .events = POLLIN, .revents = 0};
    if (::poll(&waiting, 1, 100) == 0) continue;
    const ssize_t got = ::read(fd_, out.data(), out.size());
    if (got >= 0) return static_cast<std::size_t>(got);
    if (errno != EINTR && errno != EAGAIN) throw system_error("read", name_ == "-" ? "stdin" : name_, errno);
  }
}

}  // namespace lightseed::cli

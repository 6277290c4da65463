#include "cli/payload.h"

#include <unistd.h>

#include <cerrno>

#include "core/error.h"

namespace lightseed::cli {

Payload::Payload(const std::string& target, AtomicFile::Mode mode) {
  if (target != "-") {
    file_.emplace(target, mode);
  } else if (isatty(STDOUT_FILENO) != 0) {
    throw Error(Category::usage, "stdout is a terminal; write to a file with -o FILE, or pipe the bytes on");
  }
}

void Payload::write(std::span<const std::byte> bytes) {
  if (file_) {
    file_->write(bytes);
    return;
  }
  while (!bytes.empty()) {
    const ssize_t put = ::write(STDOUT_FILENO, bytes.data(), bytes.size());
    if (put < 0 && errno == EINTR) continue;
    if (put < 0) throw system_error("write to", "stdout", errno);
    bytes = bytes.subspan(static_cast<std::size_t>(put));
  }
}

void Payload::commit() {
  if (file_) file_->commit();
}

}  // namespace lightseed::cli

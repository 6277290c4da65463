#include "cli/progress.h"

#include <fmt/format.h>
#include <unistd.h>

#include <cstdio>
#include <utility>

namespace lightseed::cli {

Progress::Progress(std::string what) : what_(std::move(what)), terminal_(isatty(STDERR_FILENO) != 0) {}

Progress::~Progress() {
  if (shown_) fmt::print(stderr, "\r\033[K");
}

void Progress::show(std::uint64_t done, std::uint64_t total, const char* unit) {
  using namespace std::chrono;
  const auto now = steady_clock::now();
  if (!terminal_ || (shown_ && now - last_ < milliseconds(100))) return;
  last_ = now;
  shown_ = true;
  const double seconds = duration<double>(now - started_).count();
  if (total == 0) {
    fmt::print(stderr, "\r\033[K{}: {} {}", what_, done, unit);
  } else {
    const double left = done > 0 ? seconds * static_cast<double>(total - done) / static_cast<double>(done) : 0;
    fmt::print(stderr, "\r\033[K{}: {} of {} {}, {:.0f} %, {:.0f} s left", what_, done, total, unit,
               100.0 * static_cast<double>(done) / static_cast<double>(total), left);
  }
  std::fflush(stderr);
}

}  // namespace lightseed::cli

#pragma once

#include <stop_token>
#include <thread>

namespace lightseed::cli {

/// Turns the first SIGINT, SIGTERM or SIGHUP into a stop request. A second one ends the process at once, as a person
/// who presses Ctrl-C twice wants. Make it before any other thread: they inherit the blocked signals.
class Interrupt {
 public:
  Interrupt();
  ~Interrupt();
  Interrupt(const Interrupt&) = delete;
  Interrupt& operator=(const Interrupt&) = delete;

  [[nodiscard]] std::stop_token token() const noexcept { return source_.get_token(); }

 private:
  std::stop_source source_;
  std::jthread watcher_;
};

}  // namespace lightseed::cli

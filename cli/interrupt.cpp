#include "cli/interrupt.h"

#include <csignal>
#include <cstdio>

namespace lightseed::cli {
namespace {

sigset_t watched_signals() {
  sigset_t set;
  sigemptyset(&set);
  for (const int signal : {SIGINT, SIGTERM, SIGHUP})
    sigaddset(&set, signal);
  return set;
}

}  // namespace

Interrupt::Interrupt() {
  const sigset_t set = watched_signals();
  pthread_sigmask(SIG_BLOCK, &set, nullptr);
  // A closed pipe is an error of write(), with a message, not a silent death.
  std::signal(SIGPIPE, SIG_IGN);
  watcher_ = std::jthread([this, set](const std::stop_token& ending) {
    // A timed wait, so that the destructor can end the thread.
    const timespec beat{0, 50'000'000};
    while (!ending.stop_requested()) {
      if (sigtimedwait(&set, nullptr, &beat) <= 0) continue;
      source_.request_stop();
      std::fputs("\nstopping – press Ctrl-C again to end at once\n", stderr);
      pthread_sigmask(SIG_UNBLOCK, &set, nullptr);
      return;
    }
  });
}

Interrupt::~Interrupt() = default;

}  // namespace lightseed::cli

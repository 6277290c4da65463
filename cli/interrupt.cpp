// SPDX-License-Identifier: Apache-2.0
#include "cli/interrupt.h"

#include <unistd.h>

#include <csignal>
#include <string_view>

#include "cli/exit_code.h"

namespace lightseed::cli {
namespace {

bool ignored_from_the_start(int signal) {
  struct sigaction inherited {};
  return sigaction(signal, nullptr, &inherited) == 0 && inherited.sa_handler == SIG_IGN;
}

/// Sent to the watching thread alone, so that the command ends when it is done and not at the next beat of a clock.
int ending_signal() {
  return SIGRTMIN;
}

sigset_t watched_signals() {
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, ending_signal());
  for (const int signal : {SIGINT, SIGTERM, SIGHUP}) {
    if (!ignored_from_the_start(signal)) sigaddset(&set, signal);
  }
  return set;
}

}  // namespace

Interrupt::Interrupt() {
  const sigset_t set = watched_signals();
  pthread_sigmask(SIG_BLOCK, &set, nullptr);
  // A closed pipe and a file above the limit are errors of write(), not a silent death.
  for (const int signal : {SIGPIPE, SIGXFSZ})
    std::signal(signal, SIG_IGN);
  // Whoever started us may ignore the end of its children; of ours we want to know how they ended.
  std::signal(SIGCHLD, SIG_DFL);
  watcher_ = std::jthread([this, set](const std::stop_token& ending) {
    while (!ending.stop_requested()) {
      const int signal = sigwaitinfo(&set, nullptr);
      if (signal <= 0 || signal == ending_signal()) continue;
      if (source_.stop_requested()) {
        // Keys are in locked pages that no dump takes, and files appear whole or not at all: nothing is left to do.
        _exit(exit_code(Category::interrupted));
      }
      const std::string_view words = signal == SIGINT ? "\nstopping – press Ctrl-C again to end at once\n"
                                                      : "\nstopping – the signal once more ends it at once\n";
      [[maybe_unused]] const ssize_t put = ::write(STDERR_FILENO, words.data(), words.size());
      source_.request_stop();
    }
  });
}

Interrupt::~Interrupt() {
  watcher_.request_stop();
  pthread_kill(watcher_.native_handle(), ending_signal());
}

}  // namespace lightseed::cli

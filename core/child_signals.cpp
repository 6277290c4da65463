// SPDX-License-Identifier: Apache-2.0
#include "core/child_signals.h"

#include <csignal>
#include <initializer_list>

namespace lightseed {

ChildSignals::ChildSignals(short more) noexcept {
  posix_spawnattr_init(&attributes_);
  sigset_t none, usual;
  sigemptyset(&none);
  sigemptyset(&usual);
  for (const int signal : {SIGPIPE, SIGXFSZ, SIGCHLD})
    sigaddset(&usual, signal);
  posix_spawnattr_setsigmask(&attributes_, &none);
  posix_spawnattr_setsigdefault(&attributes_, &usual);
  posix_spawnattr_setflags(&attributes_, static_cast<short>(POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF | more));
}

ChildSignals::~ChildSignals() {
  posix_spawnattr_destroy(&attributes_);
}

}  // namespace lightseed

// SPDX-License-Identifier: Apache-2.0
#include "core/wait.h"

namespace lightseed {

void pause(const Patience& patience) {
  std::mutex mutex;
  std::condition_variable_any never;
  std::unique_lock lock(mutex);
  wait_for(never, lock, patience, [] { return false; });
}

}  // namespace lightseed

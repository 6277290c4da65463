// SPDX-License-Identifier: Apache-2.0
#include "core/pause.h"

#include <condition_variable>
#include <mutex>

namespace lightseed {

void pause(const Patience& patience) {
  std::mutex mutex;
  std::condition_variable_any never;
  std::unique_lock lock(mutex);
  never.wait_until(lock, patience.stop, patience.deadline, [] { return false; });
}

}  // namespace lightseed

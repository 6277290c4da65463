// SPDX-License-Identifier: Apache-2.0
#include "core/locked_process.h"

#include <sys/mman.h>

#include <fstream>
#include <string>

#include "core/secret_bytes.h"

namespace lightseed {

bool lock_all_memory() noexcept {
  raise_memory_lock_limit();
  // Pages are locked as they are touched: a thread's stack is mostly never used.
  if (mlockall(MCL_CURRENT | MCL_FUTURE | MCL_ONFAULT) != 0) return false;
  // A limit that is met later would end the work in the middle. So much an audit never takes.
  constexpr std::size_t room = std::size_t{512} << 20;
  void* const trial = mmap(nullptr, room, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (trial == MAP_FAILED) {
    munlockall();
    return false;
  }
  munmap(trial, room);
  return true;
}

bool memory_can_be_swapped() {
  // A line of titles, then one a swap space.
  std::ifstream swaps("/proc/swaps");
  std::string line;
  if (!std::getline(swaps, line)) return true;
  return static_cast<bool>(std::getline(swaps, line));
}

}  // namespace lightseed

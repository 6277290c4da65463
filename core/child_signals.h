// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <spawn.h>

namespace lightseed {

/// For posix_spawn: the program that is started sees signals as one that a shell starts does, none blocked and none
/// ignored, whatever this process made of them.
class ChildSignals {
 public:
  /// `more`: further flags, as posix_spawnattr_setflags() takes them.
  explicit ChildSignals(short more = 0) noexcept;
  ~ChildSignals();
  ChildSignals(const ChildSignals&) = delete;
  ChildSignals& operator=(const ChildSignals&) = delete;
  ChildSignals(ChildSignals&&) = delete;
  ChildSignals& operator=(ChildSignals&&) = delete;

  [[nodiscard]] const posix_spawnattr_t* attributes() const noexcept { return &attributes_; }

 private:
  posix_spawnattr_t attributes_{};
};

}  // namespace lightseed

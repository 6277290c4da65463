// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <mutex>
#include <string>
#include <thread>

#include "tests/emulated/serial_model.h"

namespace lightseed::emulated {

/// A serial device on a pseudo-terminal: bench G.
class PtyDevice {
 public:
  explicit PtyDevice(SerialModel& model);
  ~PtyDevice();
  PtyDevice(const PtyDevice&) = delete;
  PtyDevice& operator=(const PtyDevice&) = delete;

  /// What the host opens.
  [[nodiscard]] const std::string& path() const noexcept { return path_; }

  /// The baud rate the host set last.
  [[nodiscard]] unsigned speed() const;

  /// Hangs up, as an unplugged device does.
  void unplug();

  /// Runs `action` while the model is not being used.
  template <typename Action>
  void with_model(Action action) {
    const std::lock_guard lock(mutex_);
    action();
  }

 private:
  SerialModel& model_;
  int master_ = -1, slave_ = -1;
  std::string path_;
  std::mutex mutex_;
  std::jthread worker_;

  void work(const std::stop_token& stop);
};

}  // namespace lightseed::emulated

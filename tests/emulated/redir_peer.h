// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <mutex>
#include <string>
#include <thread>

#include "tests/emulated/usb_model.h"

namespace lightseed::emulated {

class RedirConnection;

/// Bench C: a port on a usb-redir socket (protocol 0.7, unix domain) into which one emulated device after the other is
/// plugged. QEMU connects as `-chardev socket,id=c,path=PATH -device usb-redir,chardev=c`; when it goes, the next may
/// come.
class RedirPeer {
 public:
  /// Listens at `path`, which must not exist yet and is removed in the end. Throws std::runtime_error.
  explicit RedirPeer(std::string path);
  ~RedirPeer();
  RedirPeer(const RedirPeer&) = delete;
  RedirPeer& operator=(const RedirPeer&) = delete;

  /// What is plugged in already is unplugged first. Who connects later finds the device there.
  void plug(std::shared_ptr<UsbModel> model);

  /// Pending transfers are lost, as with a pulled cable.
  void unplug();

  [[nodiscard]] const std::string& path() const noexcept { return path_; }
  [[nodiscard]] bool plugged() const;

 private:
  std::string path_;
  int listener_ = -1, wake_ = -1;
  mutable std::mutex mutex_;
  std::shared_ptr<UsbModel> model_;
  std::unique_ptr<RedirConnection> connection_;
  std::jthread worker_;

  void work(const std::stop_token& stop);
  void wake() const;
};

}  // namespace lightseed::emulated

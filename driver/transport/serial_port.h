// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>

#include "driver/transport/byte_channel.h"

namespace lightseed {

/// A tty in raw mode, 8N1, no flow control, opened for us alone: TIOCEXCL keeps other users out, flock(2) also whoever
/// is root and asks. Opening raises DTR.
class SerialPort final : public ByteChannel {
 public:
  /// `baud` is one of the termios rates; a CDC device ignores or interprets it. Throws DeviceFault(gone) when there is
  /// no such node, Error(device) for a missing permission or when another program holds it, Error(usage) for a node
  /// that is no tty, for the process's own terminal or a console, or for a rate the system does not know.
  static std::unique_ptr<SerialPort> open(const std::string& path, unsigned baud);

  ~SerialPort() override;
  SerialPort(const SerialPort&) = delete;
  SerialPort& operator=(const SerialPort&) = delete;

  [[nodiscard]] const std::string& name() const noexcept override { return path_; }
  std::size_t read(std::span<std::byte> out, const Patience& patience) override;
  void write(std::span<const std::byte> data, const Patience& patience) override;

  /// The opened descriptor, for prove_hardware().
  [[nodiscard]] int descriptor() const noexcept { return fd_; }

 private:
  SerialPort(std::string path, int fd) : path_(std::move(path)), fd_(fd) {}

  std::string path_;
  int fd_;
  bool locked_ = false;

  bool wait(short events, const Patience& patience) const;
};

}  // namespace lightseed

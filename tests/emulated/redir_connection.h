// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <memory>

#include "tests/emulated/usb_model.h"

struct usbredirparser;
struct usb_redir_bulk_packet_header;
struct usb_redir_control_packet_header;

namespace lightseed::emulated {

/// One host on a usb-redir socket: its messages, answered by whatever device is plugged in. Called from one thread at a
/// time. usb-redir calls our side "usb-host": it is where the device is.
class RedirConnection {
 public:
  /// Takes over `fd`, a connected socket.
  explicit RedirConnection(int fd);
  ~RedirConnection();
  RedirConnection(const RedirConnection&) = delete;
  RedirConnection& operator=(const RedirConnection&) = delete;

  /// Tells the host of a device, once both have said hello; of its end.
  void plug(std::shared_ptr<UsbModel> model);
  void unplug();

  /// Takes in what has arrived; false when the host is gone or talks nonsense.
  bool receive();

  /// Moves what the device can move now. Returns when to ask it again.
  Clock::time_point progress(Clock::time_point now);

  /// Sends what is queued as far as the socket takes it; false when the host is gone.
  bool flush();

  [[nodiscard]] int fd() const noexcept { return fd_; }
  [[nodiscard]] bool has_output() const;
  /// The device has removed itself (Bulk::Result::gone).
  [[nodiscard]] bool device_gone() const noexcept { return gone_; }

 private:
  /// A bulk transfer that waits for the device.
  struct Transfer {
    std::uint64_t id = 0;
    std::uint32_t stream = 0;
    std::size_t length = 0;  ///< asked for, of IN transfers
    Bytes out;
  };

  int fd_;
  usbredirparser* parser_;
  std::shared_ptr<UsbModel> model_;
  std::map<std::uint8_t, std::deque<Transfer>> pending_;
  bool greeted_ = false, gone_ = false;

  void announce();
  void on_control(std::uint64_t id, usb_redir_control_packet_header header, Bytes out);
  void on_bulk(std::uint64_t id, const usb_redir_bulk_packet_header& header, Bytes out);
  void on_cancel(std::uint64_t id);
  void answer(std::uint8_t endpoint, const Transfer& transfer, std::uint8_t status, std::span<std::byte> data);
  void set_callbacks();
};

}  // namespace lightseed::emulated

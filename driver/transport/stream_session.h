// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <utility>

#include "driver/transport/session.h"
#include "driver/transport/usb_stream.h"

namespace lightseed {

/// The part of a Session that every device with one streaming endpoint shares. The device's own class adds begin(),
/// which ends in stream().start(), and end(), which ends in stream().stop().
class StreamSession : public Session {
 public:
  std::size_t read(std::span<std::byte> out, const Patience& patience) override { return stream_.read(out, patience); }

  bool resume(const Patience&) override {
    stream_.start();
    return true;
  }

  bool clear_halt(const Patience&) override {
    stream_.stop();
    device_->clear_halt(endpoint_);
    stream_.start();
    return true;
  }

  bool reset(const Patience&) override {
    stream_.stop();
    device_->reset();
    return true;
  }

  [[nodiscard]] Json status(const Patience&) override { return Json{{"usb", stream_.counters()}}; }

 protected:
  StreamSession(std::shared_ptr<UsbDevice> device, const UsbStream::Plan& plan)
      : device_(std::move(device)), endpoint_(plan.endpoint), stream_(device_, plan) {}

  [[nodiscard]] UsbDevice& device() noexcept { return *device_; }
  [[nodiscard]] UsbStream& stream() noexcept { return stream_; }

 private:
  std::shared_ptr<UsbDevice> device_;
  std::uint8_t endpoint_;
  UsbStream stream_;
};

}  // namespace lightseed

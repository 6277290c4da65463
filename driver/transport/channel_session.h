// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <memory>
#include <utility>

#include "driver/transport/byte_channel.h"
#include "driver/transport/session.h"

namespace lightseed {

/// The part of a Session that every device shares which, once begun, simply sends bytes down a serial line.
class ChannelSession : public Session {
 public:
  std::size_t read(std::span<std::byte> out, const Patience& patience) override {
    std::size_t got = 0;
    while (got < out.size()) {
      const auto before = SteadyClock::now();
      const Patience limit{patience.stop, std::min(patience.deadline, before + (silence_ - quiet_))};
      const std::size_t part = channel_->read(out.subspan(got), limit);
      got += part;
      quiet_ = part > 0 ? SteadyClock::duration{} : quiet_ + (SteadyClock::now() - before);
      if (part > 0) continue;
      if (patience.stopped()) return got;
      if (quiet_ >= silence_) {
        quiet_ = {};
        throw DeviceFault(DeviceFault::Kind::silence, channel_->name() + ": it sends nothing");
      }
      if (patience.expired()) return got;
    }
    return got;
  }

 protected:
  explicit ChannelSession(std::unique_ptr<ByteChannel> channel,
                          std::chrono::milliseconds silence = std::chrono::milliseconds(2000))
      : channel_(std::move(channel)), silence_(silence) {}

  [[nodiscard]] ByteChannel& channel() noexcept { return *channel_; }
  void exchange_channel(std::unique_ptr<ByteChannel> channel) { channel_ = std::move(channel); }

 private:
  std::unique_ptr<ByteChannel> channel_;
  SteadyClock::duration silence_, quiet_{};
};

}  // namespace lightseed

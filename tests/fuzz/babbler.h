#pragma once

#include <algorithm>
#include <cstddef>
#include <span>
#include <string>
#include <utility>

#include "driver/transport/byte_channel.h"

namespace lightseed::fuzz {

/// A device that says what the fuzzer wrote, whatever it is asked, and then hangs up. It costs no time.
class Babbler final : public ByteChannel {
 public:
  explicit Babbler(std::span<const std::byte>& left) : left_(left) {}

  [[nodiscard]] const std::string& name() const noexcept override { return name_; }
  void write(std::span<const std::byte>, const Patience&) override {
    // Each question is heard after a pause: what drains the line gets to its end.
    pause_ = true;
  }
  std::size_t read(std::span<std::byte> out, const Patience&) override {
    if (std::exchange(pause_, !pause_)) return 0;
    if (left_.empty()) throw DeviceFault(DeviceFault::Kind::gone, "hung up");
    const std::size_t part = std::min({out.size(), left_.size(), 1 + std::to_integer<std::size_t>(left_[0]) % 64});
    std::copy_n(left_.begin(), part, out.begin());
    left_ = left_.subspan(part);
    return part;
  }
  void pause(std::chrono::milliseconds, const Patience&) const override {}

 private:
  std::span<const std::byte>& left_;
  std::string name_ = "fuzz";
  bool pause_ = false;
};

}  // namespace lightseed::fuzz

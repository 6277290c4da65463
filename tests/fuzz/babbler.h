// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cstddef>
#include <span>
#include <string>
#include <utility>

#include "driver/transport/byte_channel.h"

namespace lightseed::fuzz {

/// A device that says what the fuzzer wrote, whatever it is asked, and then hangs up. It costs no time.
///
/// A byte tells how many follow before the line is quiet again: up to 127 say so themselves, the rest count in 64s from
/// 64. None is a read that ends without a byte.
class Babbler final : public ByteChannel {
 public:
  explicit Babbler(std::span<const std::byte>& left) : left_(left) {}

  [[nodiscard]] const std::string& name() const noexcept override { return name_; }
  void write(std::span<const std::byte>, const Patience&) override {}
  std::size_t read(std::span<std::byte> out, const Patience&) override {
    if (segment_ == 0) {
      const auto control = std::to_integer<std::size_t>(take(1).front());
      segment_ = control < 128 ? control : (control - 127) * 64;
      if (segment_ == 0) return 0;
    }
    const auto said = take(std::min(out.size(), segment_));
    segment_ -= said.size();
    std::copy(said.begin(), said.end(), out.begin());
    return said.size();
  }
  void pause(std::chrono::milliseconds, const Patience&) const override {}

 private:
  std::span<const std::byte>& left_;
  std::size_t segment_ = 0;
  std::string name_ = "fuzz";

  std::span<const std::byte> take(std::size_t most) {
    if (left_.empty()) throw DeviceFault(DeviceFault::Kind::gone, "hung up");
    const auto taken = left_.first(std::min(most, left_.size()));
    left_ = left_.subspan(taken.size());
    return taken;
  }
};

}  // namespace lightseed::fuzz

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tests/emulated/usb_model.h"

namespace lightseed::emulated {

/// A ChaosKey: 64-byte packets on demand, the first after the high voltage has settled. Names of files and lines are
/// those of AltOS (src/drivers), Linux (drivers/usb/misc) and keith-packard/chaosread.
class EmulatedChaosKey final : public UsbModel {
 public:
  explicit EmulatedChaosKey(std::uint32_t run) : cooked_(run) {}

  std::chrono::milliseconds settling{100};
  std::uint64_t lose_byte_at = ~std::uint64_t{0};  ///< of the raw endpoint
  std::uint64_t vanish_at = ~std::uint64_t{0};     ///< its variance test has failed ten times

  [[nodiscard]] Bytes descriptors() const override;
  [[nodiscard]] std::optional<std::string> text(unsigned index) const override;
  std::optional<Bytes> control(const Setup&, std::span<const std::byte>, Clock::time_point) override {
    return std::nullopt;
  }
  Bulk bulk_in(std::uint8_t endpoint, std::span<std::byte> room, Clock::time_point now) override;

 private:
  Sequence cooked_;
  std::optional<Clock::time_point> ready_;
  std::uint64_t raw_ = 0, sent_ = 0;
};

}  // namespace lightseed::emulated

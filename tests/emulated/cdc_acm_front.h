// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>
#include <utility>

#include "tests/emulated/serial_model.h"

namespace lightseed::emulated {

/// A USB CDC-ACM configuration around a serial device (CDC PSTN 1.2, 5.3 and 6.3): one interface for control with a
/// notification endpoint, one for data. The host sets the rate and DTR by requests; bytes come in packets of 64.
class EmulatedCdcAcm final : public UsbModel {
 public:
  struct Identity {
    std::uint16_t vendor = 0, product = 0, release = 0x0100;
    std::string manufacturer_text{}, product_text{}, serial{};
    bool deaf_until_rate = false;  ///< drops everything until a rate other than 0 is set
  };

  EmulatedCdcAcm(std::shared_ptr<SerialModel> device, Identity identity)
      : device_(std::move(device)), identity_(std::move(identity)) {
    device_->control_lines(false);
  }

  [[nodiscard]] unsigned baud() const noexcept { return baud_; }
  [[nodiscard]] bool dtr() const noexcept { return dtr_; }

  [[nodiscard]] Bytes descriptors() const override;
  [[nodiscard]] std::optional<std::string> text(unsigned index) const override;
  std::optional<Bytes> control(const Setup& setup, std::span<const std::byte> out, Clock::time_point now) override;
  Bulk bulk_in(std::uint8_t endpoint, std::span<std::byte> room, Clock::time_point now) override;
  Bulk bulk_out(std::uint8_t endpoint, std::span<const std::byte> data, Clock::time_point now) override;

 private:
  std::shared_ptr<SerialModel> device_;
  Identity identity_;
  Bytes coding_ = Bytes(7);  ///< rate (4 bytes), stop bits, parity, bits
  unsigned baud_ = 0;
  bool dtr_ = false;

  [[nodiscard]] bool deaf() const noexcept { return identity_.deaf_until_rate && baud_ == 0; }
};

}  // namespace lightseed::emulated

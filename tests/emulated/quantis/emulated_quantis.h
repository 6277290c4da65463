// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tests/emulated/usb_model.h"

namespace lightseed::emulated {

/// A Quantis USB-4M on the wire: its vendor requests, and bulk data in whole packets at its rate. Names of files and
/// lines are those of ID Quantique's Linux package 20.2.4, Libs-Apps/Quantis.
class EmulatedQuantis final : public UsbModel {
 public:
  struct Options {
    std::string product = "Quantis USB EMULATED";
    std::optional<std::string> serial = "EMU0001";
    std::int32_t kbits = 4000;    ///< what it says of its rate
    double bytes_per_second = 0;  ///< what it does; 0: as fast as asked
    std::uint32_t run = 1;        ///< of the checkable Sequence it sends
    bool nameless = false;        ///< no manufacturer's and no product's text
    bool enabled = true, powered = true, start_up_flag = true, repairable = true;
    unsigned configurations = 1, interfaces = 1;
    std::uint16_t vendor = 0x0aba;
    std::vector<std::uint8_t> endpoints{0x86};
  };

  explicit EmulatedQuantis(Options options);

  /// The module stops by itself after this many bytes.
  void stop_module_after(std::uint64_t bytes) { stop_after_ = bytes; }
  /// Power was lost: the start-up flag is set again.
  void power_cycle() { options_.start_up_flag = true; }
  void cut_power() { options_.powered = false; }
  [[nodiscard]] bool start_up_flag() const noexcept { return options_.start_up_flag; }
  [[nodiscard]] unsigned requests() const noexcept { return requests_; }

  [[nodiscard]] Bytes descriptors() const override;
  [[nodiscard]] std::optional<std::string> text(unsigned index) const override;
  std::optional<Bytes> control(const Setup& setup, std::span<const std::byte> out, Clock::time_point now) override;
  Bulk bulk_in(std::uint8_t endpoint, std::span<std::byte> room, Clock::time_point now) override;

 private:
  Options options_;
  Pacer pacer_;
  Sequence sequence_;
  std::uint64_t sent_ = 0, stop_after_ = ~std::uint64_t{0};
  unsigned requests_ = 0;
};

}  // namespace lightseed::emulated

#pragma once

#include <deque>
#include <memory>
#include <utility>

#include "tests/emulated/serial_model.h"

namespace lightseed::emulated {

/// An FTDI chip in front of a byte device: two status bytes in every packet, status alone each latency period.
class EmulatedFtdi final : public UsbModel {
 public:
  struct Identity {
    std::uint16_t product = 0x6014;
    std::uint16_t max_packet = 512;
    std::string manufacturer_text, product_text, serial;
  };

  EmulatedFtdi(std::shared_ptr<SerialModel> device, Identity identity)
      : device_(std::move(device)), identity_(std::move(identity)) {}

  bool cut_status = false;  ///< the next packet has one byte

  [[nodiscard]] unsigned mode() const noexcept { return mode_; }
  [[nodiscard]] bool read_before_mode() const noexcept { return read_before_mode_; }
  [[nodiscard]] unsigned requests() const noexcept { return requests_; }

  [[nodiscard]] Bytes descriptors() const override;
  [[nodiscard]] std::optional<std::string> text(unsigned index) const override;
  std::optional<Bytes> control(const Setup& setup, std::span<const std::byte> out, Clock::time_point now) override;
  Bulk bulk_in(std::uint8_t endpoint, std::span<std::byte> room, Clock::time_point now) override;
  Bulk bulk_out(std::uint8_t endpoint, std::span<const std::byte> data, Clock::time_point now) override;

 private:
  std::shared_ptr<SerialModel> device_;
  Identity identity_;
  std::chrono::milliseconds latency_{16};
  Clock::time_point flushed_{};
  unsigned mode_ = 0, requests_ = 0;
  bool asked_ = false, read_before_mode_ = false;
};

}  // namespace lightseed::emulated

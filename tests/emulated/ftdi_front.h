// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <utility>

#include "tests/emulated/serial_model.h"

namespace lightseed::emulated {

/// An FTDI chip in front of a byte device: two status bytes in every packet; what does not fill a packet, and status
/// alone, each latency period.
class EmulatedFtdi final : public UsbModel {
 public:
  struct Identity {
    std::uint16_t vendor = 0x0403, product = 0x6014;
    std::uint16_t max_packet = 512;
    std::string manufacturer_text{}, product_text{}, serial{};
    /// bcdDevice, which names the chip: 0x0600 FT245R, 0x0900 FT232H, 0x1000 FT240X (libftdi, ftdi_usb_open_dev).
    std::uint16_t release = 0x0900;
    unsigned connects_in = 0;  ///< the bit mode in which bytes reach the device: 0 UART, 2 MPSSE, 4 bit-bang, 0x40 FIFO
  };

  EmulatedFtdi(std::shared_ptr<SerialModel> device, Identity identity)
      : device_(std::move(device)), identity_(std::move(identity)) {}

  bool cut_status = false;     ///< the next packet has one byte
  bool wrong_status = false;   ///< the next packet's first status byte is nonsense
  unsigned short_packets = 0;  ///< so many packets are flushed with ten bytes in them
  unsigned deaf_to_modes = 0;  ///< so many changes of the bit mode are acknowledged and not done

  [[nodiscard]] unsigned mode() const noexcept { return mode_; }
  [[nodiscard]] unsigned mask() const noexcept { return mask_; }
  /// Of the baud rate, bit 16 from the request's index.
  [[nodiscard]] unsigned divisor() const noexcept { return divisor_; }
  [[nodiscard]] unsigned data_format() const noexcept { return data_format_; }
  [[nodiscard]] std::chrono::milliseconds latency() const noexcept { return latency_; }
  void set_latency(std::chrono::milliseconds latency) { latency_ = latency; }
  [[nodiscard]] bool read_before_mode() const noexcept { return read_before_mode_; }
  /// What the host asked for or wrote, however little: 0 means that it was left alone.
  [[nodiscard]] unsigned requests() const noexcept { return requests_; }

  [[nodiscard]] Bytes descriptors() const override;
  [[nodiscard]] std::optional<std::string> text(unsigned index) const override;
  std::optional<Bytes> control(const Setup& setup, std::span<const std::byte> out, Clock::time_point now) override;
  Bulk bulk_in(std::uint8_t endpoint, std::span<std::byte> room, Clock::time_point now) override;
  Bulk bulk_out(std::uint8_t endpoint, std::span<const std::byte> data, Clock::time_point now) override;

 private:
  std::shared_ptr<SerialModel> device_;
  Identity identity_;
  Bytes fifo_;  ///< from the device, less than a packet of it
  std::chrono::milliseconds latency_{16};
  Clock::time_point flushed_{};
  unsigned mode_ = 0, mask_ = 0, divisor_ = 0, data_format_ = 0, requests_ = 0;
  bool asked_ = false, read_before_mode_ = false;

  [[nodiscard]] std::chrono::milliseconds flushes_after() const;
  std::size_t put_packet(std::span<std::byte> room, std::size_t payload);
};

}  // namespace lightseed::emulated

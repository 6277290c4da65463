// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "driver/transport/byte_channel.h"
#include "driver/transport/usb_stream.h"

namespace lightseed {

/// The two bytes in front of every USB packet of an FTDI chip.
struct FtdiStatus {
  std::uint8_t modem = 0;  ///< 0x31: full speed, 0x32: high speed, with both handshake lines up
  std::uint8_t line = 0;   ///< 0x60: nothing left to transmit
};

/// Sees the status of each packet in turn; throws DeviceFault for one that cannot be.
using FtdiJudge = std::function<void(FtdiStatus)>;

/// Takes the status bytes out of one transfer, in place; returns the payload's size. A packet of one byte is a
/// DeviceFault(protocol). An idle chip sends packets of status alone.
std::size_t strip_ftdi_status(std::span<std::byte> transfer, std::size_t packet, const FtdiJudge& judge = {});

/// The divisor code of the R and X chips (48 MHz / 16, eighths): 30000 gives 0x0064, 1 Mbaud 0x0003. It has 17 bits:
/// the eighths' code takes the upper three.
std::uint32_t ftdi_divisor(unsigned baud);

/// An FTDI converter driven over libusb: its vendor requests, and its two endpoints as a stream of bytes. It keeps
/// several reads in flight from start() to stop(), also while it only writes.
class FtdiChip final : public ByteChannel {
 public:
  enum class Mode : std::uint8_t { reset = 0x00, mpsse = 0x02, sync_bitbang = 0x04, sync_fifo = 0x40 };

  /// Claims interface A. `bytes_per_second` sizes the transfers; `judge` is called by the reader's thread.
  FtdiChip(std::shared_ptr<UsbDevice> device, double bytes_per_second, FtdiJudge judge = {});

  [[nodiscard]] const std::string& name() const noexcept override { return device_->name(); }

  void reset(const Patience& patience) { request(0, 0, 0, patience); }
  void purge_input(const Patience& patience) { request(0, 1, 0, patience); }
  void purge_output(const Patience& patience) { request(0, 2, 0, patience); }
  void set_latency(std::uint8_t milliseconds, const Patience& patience) { request(9, milliseconds, 0, patience); }
  /// Of a chip with one port: there the request's index has no interface in it but bit 16 of the code.
  void set_divisor(std::uint32_t divisor, const Patience& patience);
  void set_8n1(const Patience& patience) { request(4, 8, 0, patience); }
  void set_rts_cts(const Patience& patience) { request(2, 0, 0x0100, patience); }
  void disable_event_char(const Patience& patience) { request(6, 0, 0, patience); }
  void disable_error_char(const Patience& patience) { request(7, 0, 0, patience); }
  void set_mode(Mode mode, std::uint8_t mask, const Patience& patience) {
    request(0x0B, static_cast<std::uint16_t>(static_cast<unsigned>(mode) << 8U | mask), 0, patience);
  }

  /// Begins and ends reading. What was not read is lost.
  void start() { stream_.start(); }
  void stop() noexcept { stream_.stop(); }

  std::size_t read(std::span<std::byte> out, const Patience& patience) override;
  void write(std::span<const std::byte> data, const Patience& patience) override;
  using ByteChannel::write;

  /// Fills `out`, as UsbStream::read: no payload for the silence limit is a fault.
  std::size_t read_stream(std::span<std::byte> out, const Patience& patience) { return stream_.read(out, patience); }

  /// Takes what has come and was not read, without waiting.
  std::size_t read_ready(std::span<std::byte> out) { return stream_.read_ready(out); }

  /// The status bytes as the chip answers for them on its control endpoint.
  [[nodiscard]] FtdiStatus status(const Patience& patience);

  void clear_halts();
  void reset_port();

  [[nodiscard]] Json counters() const { return stream_.counters(); }

 private:
  std::shared_ptr<UsbDevice> device_;
  std::uint8_t out_, in_;
  UsbStream stream_;

  void request(std::uint8_t request, std::uint16_t value, std::uint16_t high_index, const Patience& patience);
};

}  // namespace lightseed

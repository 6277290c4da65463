// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "core/steady_clock.h"

namespace lightseed::emulated {

using Clock = SteadyClock;
using Bytes = std::vector<std::byte>;

/// The eight bytes that open a control transfer.
struct Setup {
  std::uint8_t type = 0, request = 0;
  std::uint16_t value = 0, index = 0, length = 0;
};

/// What a bulk transfer meets at the device.
struct Bulk {
  enum class Result { done, nak, stall, bus_error, babble, gone };
  Result result = Result::nak;
  std::size_t bytes = 0;                               ///< moved, with `done`
  Clock::time_point retry = Clock::time_point::max();  ///< with `nak`: when to ask again, if nothing else happens
};

/// A USB device as the wire sees it, whatever carries the wire: the in-process usbfs, umockdev or QEMU.
/// Not thread-safe: the front end calls from one thread at a time.
class UsbModel {
 public:
  virtual ~UsbModel() = default;

  /// The device descriptor (18 bytes), then the configuration descriptors.
  [[nodiscard]] virtual Bytes descriptors() const = 0;

  /// The text of a string descriptor; nothing: the device stalls the request.
  [[nodiscard]] virtual std::optional<std::string> text(unsigned index) const = 0;

  /// Vendor and class requests. Returns the data stage (empty for OUT); nothing: stall.
  virtual std::optional<Bytes> control(const Setup& setup, std::span<const std::byte> out, Clock::time_point now) = 0;

  virtual Bulk bulk_in(std::uint8_t endpoint, std::span<std::byte> room, Clock::time_point now) = 0;
  virtual Bulk bulk_out(std::uint8_t, std::span<const std::byte> data, Clock::time_point) {
    return {Bulk::Result::done, data.size(), {}};
  }

  /// CLEAR_FEATURE(ENDPOINT_HALT) and a port reset.
  virtual void clear_halt(std::uint8_t) {}
  virtual void reset() {}

 protected:
  UsbModel() = default;
  UsbModel(const UsbModel&) = default;
  UsbModel& operator=(const UsbModel&) = default;
};

/// Answers the standard requests of chapter 9 that reach a device, and passes the others to its model.
std::optional<Bytes> answer_control(UsbModel& model, const Setup& setup, std::span<const std::byte> out,
                                    Clock::time_point now);

/// Descriptors for a device with one configuration and one interface with these bulk endpoints.
struct SimpleDescriptors {
  std::uint16_t vendor = 0, product = 0, release = 0x0100;
  bool has_manufacturer = true, has_product = true, has_serial = true;
  std::vector<std::uint8_t> endpoints;
  std::uint16_t max_packet = 512;
  unsigned configurations = 1, interfaces = 1;
  [[nodiscard]] Bytes build() const;
};

/// How many bytes a device of this rate has ready: a bucket that never holds more than its FIFO.
class Pacer {
 public:
  /// `bytes_per_second` 0: as fast as asked.
  explicit Pacer(double bytes_per_second) : rate_(bytes_per_second) {}

  /// Takes `bytes` if they are there by `now`; else says when they will be.
  [[nodiscard]] std::optional<Clock::time_point> take(std::size_t bytes, Clock::time_point now);

 private:
  double rate_;
  std::optional<Clock::time_point> due_;  ///< when everything taken so far was ready
};

/// A run whose samples pass health tests instead of being checkable; `seed` below 2^31.
constexpr std::uint32_t noise_run(std::uint32_t seed) noexcept {
  return seed | std::uint32_t{1} << 31U;
}

/// Samples whose order and completeness the reader can check: byte i of the stream is a fixed function of i and of
/// the run (below 2^24), so that a lost, doubled or swapped byte shows wherever it is. A noise_run() is pseudo-random.
class Sequence {
 public:
  explicit Sequence(std::uint32_t run) : run_(run) {}
  void fill(std::span<std::byte> out);

  /// The byte at a position of a run.
  static std::byte at(std::uint32_t run, std::uint64_t position) noexcept;

 private:
  std::uint32_t run_;
  std::uint64_t position_ = 0;
};

/// Follows a Sequence from wherever it picks it up: the run and the position are found from the first bytes.
class SequenceChecker {
 public:
  /// True while every byte continues the sequence.
  bool feed(std::span<const std::byte> bytes);
  /// The next bytes may begin anywhere.
  void restart() noexcept { synced_ = false; }
  [[nodiscard]] std::uint64_t position() const noexcept { return position_; }
  [[nodiscard]] std::uint32_t run() const noexcept { return run_; }

 private:
  bool synced_ = false;
  std::uint32_t run_ = 0;
  std::uint64_t position_ = 0;
};

}  // namespace lightseed::emulated

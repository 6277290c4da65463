// SPDX-License-Identifier: Apache-2.0
#include "tests/emulated/ftdi_front.h"

#include <algorithm>

namespace lightseed::emulated {
namespace {

constexpr std::size_t status_bytes = 2;

}  // namespace

Bytes EmulatedFtdi::descriptors() const {
  return SimpleDescriptors{.vendor = identity_.vendor,
                           .product = identity_.product,
                           .release = identity_.release,
                           .endpoints = {0x81, 0x02},
                           .max_packet = identity_.max_packet}
      .build();
}

std::optional<std::string> EmulatedFtdi::text(unsigned index) const {
  switch (index) {
    case 1: return identity_.manufacturer_text;
    case 2: return identity_.product_text;
    case 3: return identity_.serial;
    default: return std::nullopt;
  }
}

std::optional<Bytes> EmulatedFtdi::control(const Setup& setup, std::span<const std::byte>, Clock::time_point now) {
  ++requests_;
  // A chip with one port takes any index: libftdi sends 0, and for the baud rate bit 16 of the divisor
  // (ftdi_convert_baudrate). The FT232H wants its interface.
  if (identity_.release == 0x0900 && (setup.index & 0xFFU) > 1) return std::nullopt;
  if (setup.type == 0xC0) {
    if (setup.request == 0x05) return Bytes{std::byte{0x32}, static_cast<std::byte>(device_->line_status())};
    if (setup.request == 0x90) return Bytes(2);  // READ_EEPROM, a word
    if (setup.request == 0x0A) return Bytes{static_cast<std::byte>(latency_.count())};
    return std::nullopt;
  }
  if (setup.type != 0x40) return std::nullopt;
  switch (setup.request) {
    case 0x00:
      // 1 purges what is on its way to the host, 0 that and everything else.
      if (setup.value != 2) {
        fifo_.clear();
        (void)device_->send(4096, now);
      }
      return Bytes{};
    case 0x01:
    case 0x02:
    case 0x06:
    case 0x07: return Bytes{};
    case 0x03: divisor_ = setup.value | (identity_.release == 0x0900 ? 0U : (setup.index & 1U) << 16U); return Bytes{};
    case 0x04: data_format_ = setup.value; return Bytes{};
    case 0x09: latency_ = std::chrono::milliseconds(setup.value & 0xFFU); return Bytes{};
    case 0x0B:
      if (deaf_to_modes > 0) {
        --deaf_to_modes;
        return Bytes{};
      }
      mode_ = setup.value >> 8U;
      mask_ = setup.value & 0xFFU;
      read_before_mode_ = asked_;
      return Bytes{};
    default: return std::nullopt;
  }
}

/// An FT240X that is clocked by the host does not wait for its latency timer: libinfnoise sets none, so that it stands
/// at 16 ms, and throws away rounds of more than 5 ms (libinfnoise.c:248 to 275 and 375); it works on the real ones.
std::chrono::milliseconds EmulatedFtdi::flushes_after() const {
  using namespace std::chrono_literals;
  return identity_.release == 0x1000 && mode_ == 0x04 ? std::min(latency_, 1ms) : latency_;
}

std::size_t EmulatedFtdi::put_packet(std::span<std::byte> room, std::size_t payload) {
  room[0] = std::exchange(wrong_status, false) ? std::byte{0x55}
            : identity_.max_packet == 64       ? std::byte{0x31}
                                               : std::byte{0x32};
  room[1] = static_cast<std::byte>(device_->line_status());
  std::copy_n(fifo_.begin(), payload, room.begin() + status_bytes);
  fifo_.erase(fifo_.begin(), fifo_.begin() + static_cast<std::ptrdiff_t>(payload));
  return status_bytes + payload;
}

Bulk EmulatedFtdi::bulk_in(std::uint8_t endpoint, std::span<std::byte> room, Clock::time_point now) {
  if (endpoint != 0x81) return {Bulk::Result::stall, 0, {}};
  asked_ = true;
  if (std::exchange(cut_status, false)) {
    room[0] = std::byte{0x32};
    return {Bulk::Result::done, 1, {}};
  }
  // Full packets go at once; what does not fill one waits for the latency timer.
  const std::size_t packet = identity_.max_packet, payload = packet - status_bytes;
  const auto flushes_at = flushed_ + flushes_after();
  const bool due = now >= flushes_at;
  std::size_t moved = 0;
  while (moved + packet <= room.size()) {
    const Bytes more = device_->send(payload - fifo_.size(), now);
    fifo_.insert(fifo_.end(), more.begin(), more.end());
    if (short_packets > 0 && fifo_.size() >= 10) {
      --short_packets;
      moved += put_packet(room.subspan(moved), 10);
      break;
    }
    const bool full = fifo_.size() == payload;
    if (!full && (!due || (fifo_.empty() && moved > 0))) break;
    moved += put_packet(room.subspan(moved), fifo_.size());
    if (!full) break;
  }
  if (moved == 0) return {Bulk::Result::nak, 0, flushes_at};
  flushed_ = now;
  return {Bulk::Result::done, moved, {}};
}

Bulk EmulatedFtdi::bulk_out(std::uint8_t endpoint, std::span<const std::byte> data, Clock::time_point now) {
  if (endpoint != 0x02) return {Bulk::Result::stall, 0, {}};
  ++requests_;
  if (mode_ != identity_.connects_in) return {Bulk::Result::done, data.size(), {}};
  Bytes heard(data.begin(), data.end());
  // In bit-bang mode a bit reaches its pin only where the mask makes that an output.
  if (mode_ == 0x04) {
    for (std::byte& pins : heard)
      pins &= static_cast<std::byte>(mask_);
  }
  device_->receive(heard, now);
  return {Bulk::Result::done, data.size(), {}};
}

}  // namespace lightseed::emulated

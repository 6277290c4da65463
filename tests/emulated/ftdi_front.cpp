#include "tests/emulated/ftdi_front.h"

#include <algorithm>

namespace lightseed::emulated {

Bytes EmulatedFtdi::descriptors() const {
  return SimpleDescriptors{
      .vendor = 0x0403, .product = identity_.product, .endpoints = {0x81, 0x02}, .max_packet = identity_.max_packet}
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

std::optional<Bytes> EmulatedFtdi::control(const Setup& setup, std::span<const std::byte>, Clock::time_point) {
  ++requests_;
  if (setup.type == 0xC0 && setup.request == 5) return Bytes{std::byte{0x32}, std::byte{0x60}};
  if (setup.type != 0x40 || (setup.index & 0xFFU) != 1) return std::nullopt;
  switch (setup.request) {
    case 0x00:
    case 0x01:
    case 0x02:
    case 0x03:
    case 0x04:
    case 0x06:
    case 0x07: return Bytes{};
    case 0x09: latency_ = std::chrono::milliseconds(setup.value & 0xFFU); return Bytes{};
    case 0x0B:
      mode_ = setup.value >> 8U;
      read_before_mode_ = asked_;
      return Bytes{};
    default: return std::nullopt;
  }
}

Bulk EmulatedFtdi::bulk_in(std::uint8_t endpoint, std::span<std::byte> room, Clock::time_point now) {
  if (endpoint != 0x81) return {Bulk::Result::stall, 0, {}};
  asked_ = true;
  if (std::exchange(cut_status, false)) {
    room[0] = std::byte{0x32};
    return {Bulk::Result::done, 1, {}};
  }
  // Full packets go at once; what does not fill one waits for the latency timer.
  const std::size_t packet = identity_.max_packet, payload = packet - 2;
  std::size_t moved = 0;
  bool partial = false;
  while (!partial && moved + packet <= room.size()) {
    const Bytes bytes = device_->send(payload, now);
    if (bytes.empty()) break;
    room[moved] = std::byte{0x32};
    room[moved + 1] = std::byte{0x60};
    std::copy(bytes.begin(), bytes.end(), room.begin() + static_cast<std::ptrdiff_t>(moved + 2));
    moved += 2 + bytes.size();
    partial = bytes.size() < payload;
  }
  if (moved == 0) {
    if (now < flushed_ + latency_) return {Bulk::Result::nak, 0, flushed_ + latency_};
    room[0] = std::byte{0x32};
    room[1] = std::byte{0x60};
    moved = 2;
  }
  flushed_ = now;
  return {Bulk::Result::done, moved, {}};
}

Bulk EmulatedFtdi::bulk_out(std::uint8_t endpoint, std::span<const std::byte> data, Clock::time_point now) {
  if (endpoint != 0x02) return {Bulk::Result::stall, 0, {}};
  device_->receive(data, now);
  return {Bulk::Result::done, data.size(), {}};
}

}  // namespace lightseed::emulated

// SPDX-License-Identifier: Apache-2.0
#include "tests/emulated/quantis/emulated_quantis.h"

#include <utility>

namespace lightseed::emulated {
namespace {

constexpr std::size_t packet = 512;

Bytes little_endian(std::uint32_t value, std::size_t size) {
  Bytes bytes;
  for (std::size_t i = 0; i < size; ++i)
    bytes.push_back(static_cast<std::byte>(value >> (8 * i) & 0xFFU));
  return bytes;
}

}  // namespace

EmulatedQuantis::EmulatedQuantis(Options options)
    : options_(std::move(options)), pacer_(options_.bytes_per_second), sequence_(options_.run) {}

Bytes EmulatedQuantis::descriptors() const {
  return SimpleDescriptors{.vendor = options_.vendor,
                           .product = 0x0102,
                           .has_manufacturer = !options_.nameless,
                           .has_product = !options_.nameless,
                           .has_serial = options_.serial.has_value(),
                           .endpoints = options_.endpoints,
                           .max_packet = packet,
                           .configurations = options_.configurations,
                           .interfaces = options_.interfaces}
      .build();
}

std::optional<std::string> EmulatedQuantis::text(unsigned index) const {
  switch (index) {
    case 1: return "id Quantique";
    case 2: return options_.product;
    case 3: return options_.serial;
    default: return std::nullopt;
  }
}

std::optional<Bytes> EmulatedQuantis::control(const Setup& setup, std::span<const std::byte>, Clock::time_point) {
  ++requests_;
  // Requests and their numbers: QuantisUsb_Commands.h:76 to 84; to an interface, of 4 bytes or of one, little-endian:
  // QuantisUsb_Unix.c:101, 118, 134, 160.
  if (setup.type == 0xC1) {
    switch (setup.request) {
      case 0x10: return little_endian(11, 4);
      case 0x13: return little_endian(options_.enabled && options_.powered ? 1 : 0, 1);
      case 0x14: return little_endian(options_.powered ? 1 : 0, 1);
      case 0x15: return little_endian(1, 1);
      case 0x16: return little_endian(static_cast<std::uint32_t>(options_.kbits), 4);
      case 0x17: return little_endian(options_.start_up_flag ? 1 : 0, 1);
      default: return std::nullopt;
    }
  }
  if (setup.type == 0x41) {
    // Disabled and enabled, a board begins anew: QuantisUsb_Unix.c:189.
    switch (setup.request) {
      case 0x11: options_.enabled = false; return Bytes{};
      case 0x12:
        options_.enabled = options_.repairable;
        stop_after_ = ~std::uint64_t{0};
        return Bytes{};
      case 0x18: options_.start_up_flag = false; return Bytes{};
      default: return std::nullopt;
    }
  }
  return std::nullopt;
}

Bulk EmulatedQuantis::bulk_in(std::uint8_t endpoint, std::span<std::byte> room, Clock::time_point now) {
  // QuantisUsb_Commands.h:101.
  if (endpoint != 0x86) return {Bulk::Result::stall, 0, {}};
  // The device sends whole packets: one that does not fit is babble ("we MUST request usbMaxPacketSize",
  // QuantisUsb_Unix.c:589).
  if (room.size() % packet != 0) return {Bulk::Result::babble, 0, {}};
  if (sent_ >= stop_after_) options_.enabled = false;
  if (!options_.enabled || !options_.powered) return {Bulk::Result::nak, 0, Clock::time_point::max()};
  if (const auto later = pacer_.take(room.size(), now)) return {Bulk::Result::nak, 0, *later};
  sequence_.fill(room);
  sent_ += room.size();
  return {Bulk::Result::done, room.size(), {}};
}

}  // namespace lightseed::emulated

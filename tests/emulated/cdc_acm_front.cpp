// SPDX-License-Identifier: Apache-2.0
#include "tests/emulated/cdc_acm_front.h"

#include <algorithm>
#include <initializer_list>

namespace lightseed::emulated {
namespace {

constexpr std::uint8_t notifications = 0x82, data_in = 0x83, data_out = 0x04;
constexpr std::size_t acm_packet = 64;
constexpr std::uint8_t set_line_coding = 0x20, get_line_coding = 0x21, set_control_lines = 0x22;

}  // namespace

Bytes EmulatedCdcAcm::descriptors() const {
  Bytes bytes;
  const auto put = [&bytes](std::initializer_list<std::size_t> values) {
    for (const std::size_t value : values)
      bytes.push_back(static_cast<std::byte>(value & 0xFFU));
  };
  const auto high = [](std::size_t value) { return value >> 8U; };
  put({18, 1, 0x10, 1, 2, 0, 0, 64});  // USB 1.1, class 2: communications
  put({identity_.vendor, high(identity_.vendor), identity_.product, high(identity_.product), identity_.release,
       high(identity_.release), 1, 2, identity_.serial.empty() ? 0U : 3U, 1});
  constexpr std::size_t total = 9 + 9 + 5 + 5 + 4 + 5 + 7 + 9 + 7 + 7;
  put({9, 2, total, 0, 2, 1, 0, 0x80, 50});
  put({9, 4, 0, 0, 1, 2, 2, 1, 0});  // interface 0: abstract control model
  put({5, 0x24, 0, 0x10, 1});        // header
  put({5, 0x24, 1, 0, 1});           // call management
  put({4, 0x24, 2, 2});              // line coding and control lines can be set
  put({5, 0x24, 6, 0, 1});           // union: interface 1 belongs to 0
  put({7, 5, notifications, 3, 8, 0, 255});
  put({9, 4, 1, 0, 2, 10, 0, 0, 0});  // interface 1: data
  put({7, 5, data_in, 2, acm_packet, 0, 0});
  put({7, 5, data_out, 2, acm_packet, 0, 0});
  return bytes;
}

std::optional<std::string> EmulatedCdcAcm::text(unsigned index) const {
  switch (index) {
    case 1: return identity_.manufacturer_text;
    case 2: return identity_.product_text;
    case 3: return identity_.serial;
    default: return std::nullopt;
  }
}

std::optional<Bytes> EmulatedCdcAcm::control(const Setup& setup, std::span<const std::byte> out, Clock::time_point) {
  if (setup.index != 0) return std::nullopt;
  if (setup.type == 0x21 && setup.request == set_line_coding && out.size() == coding_.size()) {
    std::copy(out.begin(), out.end(), coding_.begin());
    baud_ = 0;
    for (unsigned i = 0; i < 4; ++i)
      baud_ |= std::to_integer<unsigned>(coding_[i]) << (8 * i);
    device_->line_coding(baud_);
    return Bytes{};
  }
  if (setup.type == 0xA1 && setup.request == get_line_coding) return coding_;
  if (setup.type == 0x21 && setup.request == set_control_lines) {
    dtr_ = (setup.value & 1U) != 0;
    device_->control_lines(dtr_);
    return Bytes{};
  }
  return std::nullopt;
}

Bulk EmulatedCdcAcm::bulk_in(std::uint8_t endpoint, std::span<std::byte> room, Clock::time_point now) {
  if (endpoint != data_in) return {endpoint == notifications ? Bulk::Result::nak : Bulk::Result::stall, 0, {}};
  std::size_t moved = 0;
  while (!deaf() && moved + acm_packet <= room.size()) {
    const Bytes part = device_->send(acm_packet, now);
    std::copy(part.begin(), part.end(), room.begin() + static_cast<std::ptrdiff_t>(moved));
    moved += part.size();
    if (part.size() < acm_packet) break;  // a short packet ends the transfer
  }
  if (moved == 0) return {Bulk::Result::nak, 0, now + std::chrono::milliseconds(1)};
  return {Bulk::Result::done, moved, {}};
}

Bulk EmulatedCdcAcm::bulk_out(std::uint8_t endpoint, std::span<const std::byte> data, Clock::time_point now) {
  if (endpoint != data_out) return {Bulk::Result::stall, 0, {}};
  if (!deaf()) device_->receive(data, now);
  return {Bulk::Result::done, data.size(), {}};
}

}  // namespace lightseed::emulated

// SPDX-License-Identifier: Apache-2.0
#include "driver/transport/ftdi_chip.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <utility>

namespace lightseed {
namespace {

constexpr std::size_t status_bytes = 2;
constexpr std::uint8_t to_device = 0x40, to_host = 0xC0;  ///< vendor, device recipient
constexpr std::uint16_t interface_a = 1;

FtdiStatus status_from(std::span<const std::byte> bytes) {
  return {std::to_integer<std::uint8_t>(bytes[0]), std::to_integer<std::uint8_t>(bytes[1])};
}

UsbStream::Plan plan_for(const UsbDescription& description, double bytes_per_second, FtdiJudge judge) {
  const auto endpoint = description.bulk_in();
  const std::size_t packet = endpoint.max_packet;
  if (packet <= status_bytes) throw DeviceFault(DeviceFault::Kind::protocol, "its packets have no room for data");
  UsbStream::Plan plan = UsbStream::plan_for(endpoint, bytes_per_second);
  plan.unframe = [packet, judge = std::move(judge)](std::span<std::byte> transfer) {
    return strip_ftdi_status(transfer, packet, judge);
  };
  return plan;
}

}  // namespace

std::size_t strip_ftdi_status(std::span<std::byte> transfer, std::size_t packet, const FtdiJudge& judge) {
  std::size_t kept = 0;
  for (std::size_t at = 0; at < transfer.size(); at += packet) {
    const std::size_t size = std::min(packet, transfer.size() - at);
    if (size < status_bytes) {
      throw DeviceFault(DeviceFault::Kind::protocol, "a packet of an FTDI chip came without its status bytes");
    }
    if (judge) judge(status_from(transfer.subspan(at, status_bytes)));
    std::memmove(transfer.data() + kept, transfer.data() + at + status_bytes, size - status_bytes);
    kept += size - status_bytes;
  }
  return kept;
}

std::uint32_t ftdi_divisor(unsigned baud) {
  // In eighths of 3 MHz / baud; 0 and 1 mean 3 and 2 Mbaud.
  constexpr std::array<unsigned, 8> fraction{0, 3, 2, 4, 1, 5, 6, 7};
  const unsigned eighths = (24'000'000U + baud / 2) / baud;
  if (eighths <= 8) return 0;
  return eighths >> 3U | fraction[eighths & 7U] << 14U;
}

FtdiChip::FtdiChip(std::shared_ptr<UsbDevice> device, double bytes_per_second, FtdiJudge judge)
    : device_(std::move(device)),
      out_(device_->description().bulk_out().address),
      in_(device_->description().bulk_in().address),
      stream_(device_, plan_for(device_->description(), bytes_per_second, std::move(judge))) {
  device_->claim(0);
}

void FtdiChip::request(std::uint8_t request, std::uint16_t value, std::uint16_t high_index, const Patience& patience) {
  device_->control_out(to_device, request, value, high_index | interface_a, {}, patience);
}

void FtdiChip::set_divisor(std::uint32_t divisor, const Patience& patience) {
  device_->control_out(to_device, 3, static_cast<std::uint16_t>(divisor & 0xFFFFU),
                       static_cast<std::uint16_t>(divisor >> 16U), {}, patience);
}

std::size_t FtdiChip::read(std::span<std::byte> out, const Patience& patience) {
  // The first byte is worth waiting for, the others are taken when they are there.
  const std::size_t first = stream_.read(out.first(std::min<std::size_t>(out.size(), 1)), patience);
  if (first == 0) return 0;
  return first + stream_.read_ready(out.subspan(first));
}

void FtdiChip::write(std::span<const std::byte> data, const Patience& patience) {
  device_->bulk_out(out_, data, patience);
}

FtdiStatus FtdiChip::status(const Patience& patience) {
  const auto answer = device_->control_in(to_host, 5, 0, interface_a, status_bytes, patience);
  if (answer.size() != status_bytes) {
    throw DeviceFault(DeviceFault::Kind::protocol, name() + ": an FTDI chip's status is two bytes");
  }
  return status_from(answer);
}

void FtdiChip::clear_halts() {
  stream_.stop();
  device_->clear_halt(in_);
  device_->clear_halt(out_);
}

void FtdiChip::reset_port() {
  stream_.stop();
  device_->reset();
}

}  // namespace lightseed

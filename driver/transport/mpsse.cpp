// SPDX-License-Identifier: Apache-2.0
#include "driver/transport/mpsse.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace lightseed {
namespace {

using namespace std::chrono_literals;

constexpr auto mpsse_answer_limit = 200ms;
constexpr auto quiet = 20ms;
constexpr std::size_t most_stale = 1 << 17;  ///< what one request may have left on its way

constexpr std::byte set_low_pins{0x80}, set_high_pins{0x82}, no_loopback{0x85}, set_divisor{0x86}, send_now{0x87},
    full_clock{0x8A}, two_phases{0x8D}, fixed_clock{0x97}, bytes_in_msb_first{0x20}, refused{0xFA};

std::byte low(std::size_t value) {
  return static_cast<std::byte>(value & 0xFFU);
}

}  // namespace

bool Mpsse::synchronise(const Patience& patience) {
  chip_.drain(quiet, most_stale, patience.within(2s));
  return refuses(std::byte{0xAA}, patience) && refuses(std::byte{0xAB}, patience);
}

bool Mpsse::refuses(std::byte no_command, const Patience& patience) {
  chip_.write(std::array{no_command, send_now}, patience.within(1s));
  const Patience limit = patience.within(mpsse_answer_limit);
  std::array<std::byte, 3> answer{};
  std::size_t got = 0;
  while (got < 2) {
    const std::size_t part = chip_.read(std::span(answer).subspan(got), limit);
    if (part == 0) return false;
    got += part;
  }
  return got == 2 && answer[0] == refused && answer[1] == no_command;
}

void Mpsse::configure(std::uint16_t divisor, std::uint8_t levels, std::uint8_t outputs, const Patience& patience) {
  chip_.write(
      std::array{full_clock, fixed_clock, two_phases, set_low_pins, std::byte{levels}, std::byte{outputs},
                 set_high_pins, std::byte{0}, std::byte{0}, set_divisor, low(divisor), low(divisor >> 8U), no_loopback},
      patience.within(1s));
}

void Mpsse::request(std::size_t bytes, const Patience& patience) {
  const std::size_t length = bytes - 1;
  chip_.write(std::array{bytes_in_msb_first, low(length), low(length >> 8U), send_now}, patience);
}

std::uint16_t Mpsse::divisor_for(double bits_per_second) {
  return static_cast<std::uint16_t>(std::clamp(std::round(base_clock / bits_per_second - 1), 0.0, 65535.0));
}

}  // namespace lightseed

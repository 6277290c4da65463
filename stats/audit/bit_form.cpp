// SPDX-License-Identifier: Apache-2.0
#include "stats/audit/bit_form.h"

#include <fmt/format.h>

#include <algorithm>

#include "core/error.h"

namespace lightseed::stats {
namespace {

/// So many bytes in a row that are all 0 or 1 are no accident.
constexpr std::size_t enough_flags = 64;
constexpr std::size_t enough_digits = 16;

bool is_blank(std::byte byte) {
  return byte == std::byte{' '} || byte == std::byte{'\n'} || byte == std::byte{'\r'} || byte == std::byte{'\t'};
}

bool is_digit(std::byte byte) {
  return byte == std::byte{'0'} || byte == std::byte{'1'};
}

}  // namespace

std::string_view name_of(BitForm form) noexcept {
  switch (form) {
    case BitForm::packed: return "packed";
    case BitForm::digits: return "digits";
    case BitForm::bytes: return "bytes";
  }
  return "packed";
}

BitForm recognised_form(std::span<const std::byte> beginning) {
  const auto is_text = [](std::byte byte) { return is_digit(byte) || is_blank(byte); };
  const auto digits = std::count_if(beginning.begin(), beginning.end(), is_digit);
  if (digits >= static_cast<std::ptrdiff_t>(enough_digits) &&
      std::all_of(beginning.begin(), beginning.end(), is_text)) {
    return BitForm::digits;
  }
  const auto ones = std::count(beginning.begin(), beginning.end(), std::byte{1});
  const auto zeros = std::count(beginning.begin(), beginning.end(), std::byte{0});
  const bool flags = ones > 0 && ones + zeros == static_cast<std::ptrdiff_t>(beginning.size());
  return flags && beginning.size() >= enough_flags ? BitForm::bytes : BitForm::packed;
}

std::vector<std::byte> BitPacker::add(std::span<const std::byte> bytes) {
  if (form_ == BitForm::packed) return {bytes.begin(), bytes.end()};
  std::vector<std::byte> packed;
  packed.reserve(bytes.size() / 8 + 1);
  for (const std::byte byte : bytes) {
    ++place_;
    if (form_ == BitForm::digits && is_blank(byte)) continue;
    const auto value = static_cast<unsigned>(byte) - (form_ == BitForm::digits ? unsigned{'0'} : 0U);
    if (value > 1) {
      throw Error(Category::malformed,
                  fmt::format("byte {} is {:#04x}, but all before it are {}: this is another form of bits, or a file "
                              "that begins with something else",
                              place_, static_cast<unsigned>(byte),
                              form_ == BitForm::digits ? "digits 0 and 1" : "one bit each, 0 or 1"));
    }
    byte_ = static_cast<unsigned char>(unsigned{byte_} << 1U | value);
    if (++filled_ < 8) continue;
    packed.push_back(std::byte{byte_});
    byte_ = 0;
    filled_ = 0;
  }
  return packed;
}

}  // namespace lightseed::stats

// SPDX-License-Identifier: Apache-2.0
#include "provision/export/locked_text.h"

#include <algorithm>
#include <cstring>
#include <utility>

#include "core/byte_views.h"

namespace lightseed {

LockedText::LockedText(Sink sink) : sink_(std::move(sink)), buffer_(room) {}

void LockedText::flush() {
  if (used_ == 0) return;
  sink_(buffer_.bytes().first(used_));
  used_ = 0;
}

void LockedText::put(char c) {
  if (used_ == room) flush();
  buffer_.data()[used_++] = static_cast<std::byte>(c);
}

LockedText& LockedText::ascii(std::span<const std::byte> bytes) {
  while (!bytes.empty()) {
    if (used_ == room) flush();
    const std::size_t taken = std::min(bytes.size(), room - used_);
    std::memcpy(buffer_.data() + used_, bytes.data(), taken);
    used_ += taken;
    bytes = bytes.subspan(taken);
  }
  return *this;
}

LockedText& LockedText::text(std::string_view text) {
  return ascii(bytes_of(text));
}

LockedText& LockedText::digits(std::span<const std::byte> bytes, const char* alphabet) {
  for (const std::byte byte : bytes) {
    put(alphabet[std::to_integer<unsigned>(byte) >> 4]);
    put(alphabet[std::to_integer<unsigned>(byte) & 15]);
  }
  return *this;
}

LockedText& LockedText::hex(std::span<const std::byte> bytes) {
  return digits(bytes, "0123456789abcdef");
}

LockedText& LockedText::upper_hex(std::span<const std::byte> bytes) {
  return digits(bytes, "0123456789ABCDEF");
}

LockedText& LockedText::base64(std::span<const std::byte> bytes) {
  static constexpr char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  for (std::size_t i = 0; i < bytes.size(); i += 3) {
    const std::size_t have = std::min<std::size_t>(3, bytes.size() - i);
    unsigned group = 0;
    for (std::size_t j = 0; j < 3; ++j)
      group = group << 8 | (j < have ? std::to_integer<unsigned>(bytes[i + j]) : 0U);
    // One byte makes two characters, two make three; the rest of four is padding.
    for (std::size_t j = 0; j < 4; ++j)
      put(j <= have ? alphabet[group >> (18 - 6 * j) & 63U] : '=');
  }
  return *this;
}

}  // namespace lightseed

// SPDX-License-Identifier: Apache-2.0
#include "provision/order/utf8.h"

#include <fmt/format.h>

#include <cstdint>
#include <cstring>

namespace lightseed {
namespace {

/// Blanks that are none, marks of reading direction, private use and what is no character at all.
bool is_visible(char32_t c) noexcept {
  return (c >= 0x20 && c <= 0x7e) ||
         (c > 0xa0 && c != 0xad && (c < 0x2000 || c > 0x206f) && (c < 0xd800 || c > 0xf8ff) && c != 0x061c &&
          c != 0x3000 && c != 0xfeff && c < 0xfff0);
}

}  // namespace

std::optional<CodePoint> first_code_point(std::string_view text) noexcept {
  if (text.empty()) return std::nullopt;
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const unsigned char first = byte(0);
  if (first < 0x80) return CodePoint{first, 1};
  const std::size_t bytes = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : 2;
  if (first < 0xc2 || first > 0xf4 || text.size() < bytes) return std::nullopt;
  char32_t value = first & (0x7fU >> bytes);
  for (std::size_t i = 1; i < bytes; ++i) {
    if ((byte(i) & 0xc0U) != 0x80) return std::nullopt;
    value = (value << 6) | (byte(i) & 0x3fU);
  }
  const bool overlong = (bytes == 3 && value < 0x800) || (bytes == 4 && value < 0x10000);
  if (overlong || (value >= 0xd800 && value <= 0xdfff) || value > 0x10ffff) return std::nullopt;
  return CodePoint{value, bytes};
}

void append_utf8(std::string& text, char32_t c) {
  const auto put = [&](char32_t byte) { text += static_cast<char>(static_cast<unsigned char>(byte)); };
  if (c < 0x80) {
    put(c);
    return;
  }
  if (c < 0x800) {
    put(0xc0 | (c >> 6));
  } else if (c < 0x10000) {
    put(0xe0 | (c >> 12));
    put(0x80 | ((c >> 6) & 0x3f));
  } else {
    put(0xf0 | (c >> 18));
    put(0x80 | ((c >> 12) & 0x3f));
    put(0x80 | ((c >> 6) & 0x3f));
  }
  put(0x80 | (c & 0x3f));
}

bool is_ascii(std::string_view text) noexcept {
  // Eight bytes at a time: every line of an order goes through here.
  constexpr std::uint64_t high_bits = 0x8080808080808080U;
  while (text.size() >= sizeof high_bits) {
    std::uint64_t word = 0;
    std::memcpy(&word, text.data(), sizeof word);
    if ((word & high_bits) != 0) return false;
    text.remove_prefix(sizeof word);
  }
  for (const char c : text)
    if (static_cast<unsigned char>(c) >= 0x80) return false;
  return true;
}

bool is_utf8(std::string_view text) noexcept {
  while (!text.empty()) {
    const auto next = first_code_point(text);
    if (!next) return false;
    text.remove_prefix(next->bytes);
  }
  return true;
}

std::string shown(std::string_view text) {
  constexpr std::size_t longest = 40;
  std::string safe;
  std::size_t used = 0;
  while (used < text.size() && used < longest) {
    const auto next = first_code_point(text.substr(used));
    const std::size_t bytes = next ? next->bytes : 1;
    if (next && is_visible(next->value)) {
      safe += text.substr(used, bytes);
    } else {
      for (const char c : text.substr(used, bytes))
        safe += fmt::format("\\x{:02x}", static_cast<unsigned char>(c));
    }
    used += bytes;
  }
  return used < text.size() ? safe + "…" : safe;
}

}  // namespace lightseed

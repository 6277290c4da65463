// SPDX-License-Identifier: Apache-2.0
#include "crypto/base64.h"

#include <openssl/evp.h>

#include <cstring>

#include "core/byte_views.h"

namespace lightseed {
namespace {

int value_of(char c) noexcept {
  if (c >= 'A' && c <= 'Z') return c - 'A';
  if (c >= 'a' && c <= 'z') return c - 'a' + 26;
  if (c >= '0' && c <= '9') return c - '0' + 52;
  if (c == '+') return 62;
  if (c == '/') return 63;
  return -1;
}

constexpr bool is_space(char c) noexcept {
  return c == '\n' || c == '\r' || c == ' ' || c == '\t';
}

/// Decodes into `out`, which holds 3 bytes for every 4 characters. The number of bytes, or nothing.
std::optional<std::size_t> decode(std::string_view text, bool spaces, std::byte* out) {
  std::size_t written = 0, characters = 0, padding = 0;
  unsigned bits = 0;
  for (const char c : text) {
    if (spaces && is_space(c)) continue;
    ++characters;
    if (c == '=') {
      if (++padding > 2) return std::nullopt;
      continue;
    }
    const int value = value_of(c);
    if (value < 0 || padding > 0) return std::nullopt;
    bits = bits << 6 | static_cast<unsigned>(value);
    if (characters % 4 != 1) {
      // 6, 12, 18, 24 bits are there after 1, 2, 3, 4 characters of a group: a whole byte from the second on.
      const unsigned left = static_cast<unsigned>((4 - characters % 4) % 4 * 2);
      out[written++] = static_cast<std::byte>(bits >> left & 0xFF);
      bits &= (1U << left) - 1;
    }
  }
  if (characters % 4 != 0 || bits != 0) return std::nullopt;
  // "x===" has one character in its group, "xx=" is caught by the length.
  if (padding > 0 && (characters - padding) % 4 + padding != 4) return std::nullopt;
  return written;
}

}  // namespace

std::string base64(std::span<const std::byte> bytes) {
  std::string text(4 * ((bytes.size() + 2) / 3) + 1, '\0');
  const int length = EVP_EncodeBlock(octets(text.data()), octets(bytes.data()), static_cast<int>(bytes.size()));
  text.resize(static_cast<std::size_t>(length));
  return text;
}

std::optional<std::string> from_base64(std::string_view text) {
  std::string bytes(text.size() / 4 * 3 + 3, '\0');
  const auto length = decode(text, false, std::as_writable_bytes(std::span(bytes)).data());
  if (!length) return std::nullopt;
  bytes.resize(*length);
  return bytes;
}

std::optional<SecretBytes> secret_from_base64(std::string_view text) {
  SecretBytes wide(text.size() / 4 * 3 + 3);
  const auto length = decode(text, true, wide.data());
  if (!length) return std::nullopt;
  SecretBytes bytes(*length);
  if (*length > 0) std::memcpy(bytes.data(), wide.data(), *length);
  return bytes;
}

}  // namespace lightseed

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

namespace lightseed {

/// The same memory under the type that somebody else's interface wants. The one place with such casts.

inline std::span<const std::byte> bytes_of(std::string_view text) noexcept {
  return std::as_bytes(std::span(text.data(), text.size()));
}

inline std::string_view text_of(std::span<const std::byte> bytes) noexcept {
  return {static_cast<const char*>(static_cast<const void*>(bytes.data())), bytes.size()};
}

/// Room for 16-bit samples in memory that was got as bytes; `bytes` is even in size and place.
inline std::span<std::uint16_t> words16_of(std::span<std::byte> bytes) noexcept {
  return {static_cast<std::uint16_t*>(static_cast<void*>(bytes.data())), bytes.size() / sizeof(std::uint16_t)};
}

/// As OpenSSL and other C libraries take bytes.
inline const unsigned char* octets(const void* bytes) noexcept {
  return static_cast<const unsigned char*>(bytes);
}
inline unsigned char* octets(void* bytes) noexcept {
  return static_cast<unsigned char*>(bytes);
}

}  // namespace lightseed

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <span>
#include <string_view>

#include "core/secret_bytes.h"
#include "crypto/cms.h"

namespace lightseed {

/// Text with keys in it on its way to a file: it is put together in secret memory and handed on in large pieces, so
/// that no string on the heap ever holds a key, and a line costs no call of the system.
class LockedText {
 public:
  /// Pieces go to `sink`. Throws Error(io) when there is no memory.
  explicit LockedText(Sink sink);

  LockedText& text(std::string_view text);
  LockedText& hex(std::span<const std::byte> bytes);        ///< lower case
  LockedText& upper_hex(std::span<const std::byte> bytes);  ///< upper case
  LockedText& base64(std::span<const std::byte> bytes);     ///< RFC 4648 section 4, padded
  LockedText& ascii(std::span<const std::byte> bytes);      ///< bytes that are characters, as they are

  /// Hands on what is left. What the sink throws comes out of any of these.
  void flush();

 private:
  static constexpr std::size_t room = 64 * 1024;

  Sink sink_;
  SecretBytes buffer_;
  std::size_t used_ = 0;

  void put(char c);
  LockedText& digits(std::span<const std::byte> bytes, const char* alphabet);
};

}  // namespace lightseed

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "core/secret_bytes.h"

namespace lightseed {

/// The key follows a pattern that nobody draws at random: one byte over and over, bytes that count up or down, a short
/// piece repeated. A key that was drawn does so with a chance below 2^-56 (16 bytes), 2^-120 (32 bytes).
bool follows_a_pattern(std::span<const std::byte> key) noexcept;

/// Symmetric key that wraps content keys (RFC 5652 6.2.3): 32 bytes in a file of 64 hexadecimal digits, named `id`
/// by both sides.
struct KeyEncryptionKey {
  static constexpr std::string_view prefix = "kek:";

  std::string id;
  std::shared_ptr<const SecretBytes> key;

  /// `text` is "kek:ID:FILE", the id 1 to 64 printable ASCII characters. Throws Error(usage); as read_private_file()
  /// does; Error(malformed) when the file holds no key, Error(refused) for one of 16 bytes.
  static KeyEncryptionKey read(const std::string& text);

  /// Throws Error(refused) for a key that nobody drew at random: one byte over and over, bytes that count up or down, a
  /// short piece repeated. Asked of a key that new files are made for; an old file still opens with such a one.
  void require_drawn_at_random() const;

  /// Both name the same bytes, or go by the same id.
  [[nodiscard]] bool same_as(const KeyEncryptionKey& other) const noexcept;
};

}  // namespace lightseed

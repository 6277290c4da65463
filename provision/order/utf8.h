// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace lightseed {

/// One character of a text and the bytes it takes.
struct CodePoint {
  char32_t value;
  std::size_t bytes;
};

/// The first character of `text`; nothing where it is no UTF-8 (RFC 3629: overlong forms and surrogates are none).
std::optional<CodePoint> first_code_point(std::string_view text) noexcept;

/// Appends a character, at most U+10FFFF, as UTF-8.
void append_utf8(std::string& text, char32_t character);

[[nodiscard]] bool is_ascii(std::string_view text) noexcept;
[[nodiscard]] bool is_utf8(std::string_view text) noexcept;

/// What somebody else wrote, fit to be shown to a person: at most some 40 bytes, and nothing that a terminal obeys or
/// that cannot be seen: such bytes are written as \xNN.
std::string shown(std::string_view text);

}  // namespace lightseed

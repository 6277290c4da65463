// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace lightseed {

/// Lower-case hexadecimal, two digits a byte.
std::string hex(std::span<const std::byte> bytes);

/// The bytes of a text of hexadecimal digits in either case; nothing when another character or an odd digit is there.
std::optional<std::vector<std::byte>> from_hex(std::string_view text);

/// The same into memory of the caller's, two digits for each of its bytes; false, and nothing to be relied on in it,
/// when the text is not that.
bool from_hex(std::string_view text, std::span<std::byte> out) noexcept;

}  // namespace lightseed

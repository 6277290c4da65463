// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "core/secret_bytes.h"

namespace lightseed {

/// RFC 4648 section 4, padded, without line ends.
std::string base64(std::span<const std::byte> bytes);

/// The bytes of a base64 text in its one canonical form: padded, no other character, unused bits zero. Nothing
/// otherwise, so that two texts never mean the same bytes.
std::optional<std::string> from_base64(std::string_view text);

/// The same for a secret: `text` may have line ends and spaces, as PEM has.
std::optional<SecretBytes> secret_from_base64(std::string_view text);

}  // namespace lightseed

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "evidence/object_reader.h"

namespace lightseed {

/// A member that is so many bytes in lower-case hexadecimal; 0: any number of them from 1 on. Throws Error(malformed).
std::string take_hex(ObjectReader& reader, std::string_view name, std::size_t bytes);

/// One that is a SHA-256. Throws Error(malformed).
std::string take_sha256(ObjectReader& reader, std::string_view name);

/// `text` is that, too: of a list's element. Throws Error(malformed) for the list.
void require_hex(const ObjectReader& reader, std::string_view name, std::string_view text, std::size_t bytes);

}  // namespace lightseed

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <span>
#include <string>

namespace lightseed::cli {

/// Bytes a page shows at most.
inline constexpr std::size_t bit_image_bytes = 2'048;

/// A section of an HTML page with the data themselves: bits as squares, 128 a row; bytes as squares of 16 shades, 64 a
/// row; their hexadecimal digits. Whole rows alone; empty without one.
std::string bit_image(std::span<const std::byte> bytes, bool drawn);

}  // namespace lightseed::cli

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>

namespace lightseed {

/// The largest key file that is written, and so the largest that is read: one number for both.
///
/// A reader of CMS holds a file several times over in memory, and so do we; files stay near 16 MB of keys, unless a
/// single block is larger. Around each block's keys stand its attributes and the DER headers; around all of them two
/// CMS layers.
inline constexpr std::uint64_t usual_file_bytes = 17'000'000;
inline constexpr std::uint64_t largest_block_bytes = 64'000'000;
inline constexpr std::uint64_t bytes_around_block = 512;
inline constexpr std::size_t largest_key_file = largest_block_bytes + bytes_around_block + 64 * 1024;

}  // namespace lightseed

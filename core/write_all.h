// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <span>

namespace lightseed {

/// Writes all of the bytes, in as many calls as that takes. Returns 0, or the errno of the call that failed; some bytes
/// may have been written before it.
[[nodiscard]] int write_all(int fd, std::span<const std::byte> bytes) noexcept;

}  // namespace lightseed

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <span>
#include <string>

namespace lightseed {

/// Fills `out` from the operating system's generator (getrandom). Throws Error(io) when it has none.
/// For seeds, salts and identifiers; never counted as quantum entropy.
void system_random(std::span<std::byte> out);

/// A UUID of version 7 (RFC 9562): sorted by time, 74 random bits. Lower case with dashes.
std::string uuid_v7();

}  // namespace lightseed

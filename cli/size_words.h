// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>

namespace lightseed::cli {

/// A number of bytes for people: "37 bytes", "1.60 GB"; powers of 1000.
std::string size_words(std::uint64_t bytes);

}  // namespace lightseed::cli

#pragma once

#include <cstdint>
#include <string>

namespace lightseed::cli {

/// A count with an optional unit: "1000", "64K", "16M", "1G" (powers of 1000) or "4Ki", "1Mi", "1Gi" (powers of 1024).
/// Throws Error(usage) naming the option when it is no count or below `least`.
std::uint64_t parse_quantity(const std::string& option, const std::string& text, std::uint64_t least = 1);

}  // namespace lightseed::cli

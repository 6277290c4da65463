// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace lightseed::cli {

/// The name that a mistyped word most likely means: the first of those that fewest letters changed, added or left out
/// separate from it. Nothing when even that is further off than a typing mistake (two letters, one for short words).
std::optional<std::string> nearest(std::string_view word, std::span<const std::string> names);

}  // namespace lightseed::cli

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

namespace lightseed {

/// Release of this build, e.g. "0.1.0".
std::string_view version() noexcept;

/// Git commit this build was made from, 40 hex digits, "-dirty" appended when the tree had changes;
/// "unknown" outside a checkout.
std::string_view commit() noexcept;

}  // namespace lightseed

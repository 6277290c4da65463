// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <ctime>
#include <optional>
#include <string>
#include <string_view>

namespace lightseed {

/// A moment as RFC 3339 in UTC with seconds: "2026-11-20T19:30:00Z".
std::string utc_text(std::time_t moment);

/// The inverse; nothing for a text of another form or a day that no calendar has.
std::optional<std::time_t> moment_from(std::string_view text) noexcept;

}  // namespace lightseed

#pragma once

#include <ctime>
#include <string>

namespace lightseed {

/// A moment as RFC 3339 in UTC with seconds: "2026-11-20T19:30:00Z".
std::string utc_text(std::time_t moment);

}  // namespace lightseed

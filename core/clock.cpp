// SPDX-License-Identifier: Apache-2.0
#include "core/clock.h"

namespace lightseed {

std::string utc_text(std::time_t moment) {
  std::tm parts{};
  gmtime_r(&moment, &parts);
  char text[32];
  const std::size_t length = std::strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%SZ", &parts);
  return {text, length};
}

std::optional<std::time_t> moment_from(std::string_view text) noexcept {
  std::tm parts{};
  const std::string whole(text);
  const char* const end = ::strptime(whole.c_str(), "%Y-%m-%dT%H:%M:%SZ", &parts);
  if (end == nullptr || *end != '\0') return std::nullopt;
  const std::time_t moment = ::timegm(&parts);
  if (utc_text(moment) != text) return std::nullopt;
  return moment;
}

}  // namespace lightseed

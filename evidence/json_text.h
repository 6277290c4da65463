// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "core/json.h"

namespace lightseed {

/// What a JSON text from outside may cost before anybody has vouched for it.
struct JsonLimits {
  std::size_t bytes = std::size_t{1} << 20;
  std::size_t depth = 32;
  std::size_t members = 1024;  ///< of an object: they are found one after another
};

/// Parses strictly: UTF-8 without a byte order mark, one value, no member twice in an object, no number that is not
/// finite, no deeper and no longer than the limits, which hold while reading. `what` names the text in errors.
/// Throws Error(malformed) with the place, quoting at most a few characters of the text.
Json parse_json(std::string_view text, std::string_view what, const JsonLimits& limits = {});

/// The text of `json`, indented by `indent` (-1: one line). What is not UTF-8 is replaced, never thrown at.
std::string json_text(const Json& json, int indent = -1);

}  // namespace lightseed

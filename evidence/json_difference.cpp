// SPDX-License-Identifier: Apache-2.0
#include "evidence/json_difference.h"

#include <fmt/format.h>

#include "evidence/json_text.h"

namespace lightseed {
namespace {

std::string shortened(const Json& value) {
  std::string text = json_text(value);
  constexpr std::size_t most = 60;
  if (text.size() > most) text = text.substr(0, most) + "…";
  return text;
}

std::string joined(const std::string& path, const std::string& name) {
  return path.empty() ? name : path + "." + name;
}

std::optional<std::string> difference(const Json& wanted, const Json& given, const std::string& path) {
  if (wanted.is_object() && given.is_object()) {
    auto want = wanted.begin();
    for (auto have = given.begin(); have != given.end(); ++have) {
      if (!wanted.contains(have.key()))
        return fmt::format("{}: this member does not belong here", joined(path, have.key()));
    }
    for (auto have = given.begin(); want != wanted.end(); ++want) {
      if (!given.contains(want.key())) return fmt::format("{}: it is missing", joined(path, want.key()));
      if (have.key() != want.key()) return fmt::format("{}: it stands in another place", joined(path, have.key()));
      if (auto inside = difference(*want, *have, joined(path, want.key()))) return inside;
      ++have;
    }
    return std::nullopt;
  }
  if (wanted.is_array() && given.is_array()) {
    if (wanted.size() != given.size()) {
      return fmt::format("{}: it has {} items, not {}", path, given.size(), wanted.size());
    }
    for (std::size_t i = 0; i < wanted.size(); ++i)
      if (auto inside = difference(wanted[i], given[i], fmt::format("{}[{}]", path, i))) return inside;
    return std::nullopt;
  }
  const bool float_and_whole = wanted.is_number() && wanted.is_number_float() != given.is_number_float();
  if (!float_and_whole && wanted == given) return std::nullopt;
  return fmt::format("{}: it says {}, not {}", path, shortened(given), shortened(wanted));
}

}  // namespace

std::optional<std::string> first_difference(const Json& wanted, const Json& given) {
  return difference(wanted, given, "");
}

}  // namespace lightseed

#include "driver/source_uri.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <charconv>
#include <cmath>

#include "core/error.h"

namespace lightseed {
namespace {

[[noreturn]] void bad(std::string_view uri, const std::string& why) {
  throw Error(Category::usage, fmt::format("source '{}': {} (a source looks like sim:homodyne?seed=42)", uri, why));
}

}  // namespace

SourceUri SourceUri::parse(std::string_view text) {
  SourceUri uri;
  uri.text_ = text;
  const auto colon = text.find(':');
  if (colon == std::string_view::npos || colon == 0) bad(text, "no scheme before a ':'");
  uri.scheme_ = text.substr(0, colon);
  std::string_view rest = text.substr(colon + 1);
  // A pool's parameters are its members': the pool takes its list apart itself.
  const auto question = uri.scheme_ == "pool" ? std::string_view::npos : rest.find('?');
  uri.path_ = rest.substr(0, question);
  if (uri.path_.empty()) bad(text, "nothing after the ':'");
  if (question == std::string_view::npos) return uri;

  rest.remove_prefix(question + 1);
  while (!rest.empty()) {
    const auto end = std::min(rest.find('&'), rest.size());
    const std::string_view pair = rest.substr(0, end);
    const auto equals = pair.find('=');
    if (equals == std::string_view::npos || equals == 0) bad(text, fmt::format("'{}' is not key=value", pair));
    if (!uri.parameters_.emplace(pair.substr(0, equals), pair.substr(equals + 1)).second) {
      bad(text, fmt::format("parameter {} given twice", pair.substr(0, equals)));
    }
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
  return uri;
}

bool SourceUri::has(std::string_view key) const {
  return parameters_.find(key) != parameters_.end();
}

std::string* SourceUri::find(std::string_view key) {
  if (std::find(known_.begin(), known_.end(), key) == known_.end()) known_.emplace_back(key);
  const auto it = parameters_.find(key);
  return it == parameters_.end() ? nullptr : &it->second;
}

std::string SourceUri::take_text(std::string_view key, std::string_view fallback) {
  const std::string* value = find(key);
  return value != nullptr ? *value : std::string(fallback);
}

double SourceUri::take_number(std::string_view key, double fallback, double least, double most) {
  const std::string* value = find(key);
  if (value == nullptr) return fallback;
  double number = 0;
  const auto [end, error] = std::from_chars(value->data(), value->data() + value->size(), number);
  if (error != std::errc{} || end != value->data() + value->size() || !std::isfinite(number) || number < least ||
      number > most) {
    bad(text_, fmt::format("{}={} – expected a number from {} to {}", key, *value, least, most));
  }
  return number;
}

std::uint64_t SourceUri::take_count(std::string_view key, std::uint64_t fallback, std::uint64_t least,
                                    std::uint64_t most) {
  const std::string* value = find(key);
  if (value == nullptr) return fallback;
  std::uint64_t number = 0;
  const auto [end, error] = std::from_chars(value->data(), value->data() + value->size(), number);
  if (error != std::errc{} || end != value->data() + value->size() || number < least || number > most) {
    bad(text_, fmt::format("{}={} – expected a whole number from {} to {}", key, *value, least, most));
  }
  return number;
}

void SourceUri::reject_unknown() const {
  for (const auto& [key, value] : parameters_) {
    if (std::find(known_.begin(), known_.end(), key) == known_.end()) {
      bad(text_, fmt::format("unknown parameter {}; known here: {}", key, fmt::join(known_, ", ")));
    }
  }
}

}  // namespace lightseed

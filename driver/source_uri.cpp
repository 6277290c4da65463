// SPDX-License-Identifier: Apache-2.0
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

int digit_of(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

std::string decoded(std::string_view uri, std::string_view text) {
  std::string plain;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '%') {
      plain += text[i];
      continue;
    }
    const int high = i + 2 < text.size() ? digit_of(text[i + 1]) : -1;
    const int low = i + 2 < text.size() ? digit_of(text[i + 2]) : -1;
    const int value = high < 0 || low < 0 ? -1 : high * 16 + low;
    if (value < 0x20 || value == 0x7F) {
      bad(uri, "a '%' is followed by two hexadecimal digits of a printable character; '%' itself is written %25");
    }
    plain += static_cast<char>(value);
    i += 2;
  }
  return plain;
}

}  // namespace

std::string SourceUri::encoded(std::string_view text) {
  std::string written;
  for (const char c : text) {
    const bool special = c == '%' || c == '?' || c == '&' || c == ',' || c == '#';
    if (special) {
      written += fmt::format("%{:02X}", static_cast<unsigned char>(c));
    } else {
      written += c;
    }
  }
  return written;
}

std::string SourceUri::with_path(std::string_view path) const {
  return fmt::format("{}:{}{}", scheme_, encoded(path), query_);
}

SourceUri SourceUri::parse(std::string_view text) {
  SourceUri uri;
  uri.text_ = text;
  const auto colon = text.find(':');
  if (colon == std::string_view::npos || colon == 0) bad(text, "no scheme before a ':'");
  uri.scheme_ = text.substr(0, colon);
  std::string_view rest = text.substr(colon + 1);
  // A pool's parameters are its members': the pool takes its list apart itself.
  const auto question = uri.scheme_ == "pool" ? std::string_view::npos : rest.find('?');
  uri.path_ = uri.scheme_ == "pool" ? std::string(rest) : decoded(text, rest.substr(0, question));
  if (uri.path_.empty()) bad(text, "nothing after the ':'");
  if (question == std::string_view::npos) return uri;

  uri.query_ = rest.substr(question);
  rest.remove_prefix(question + 1);
  while (!rest.empty()) {
    const auto end = std::min(rest.find('&'), rest.size());
    const std::string_view pair = rest.substr(0, end);
    const auto equals = pair.find('=');
    if (equals == std::string_view::npos || equals == 0) bad(text, fmt::format("'{}' is not key=value", pair));
    if (!uri.parameters_.emplace(pair.substr(0, equals), decoded(text, pair.substr(equals + 1))).second) {
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

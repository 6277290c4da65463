// SPDX-License-Identifier: Apache-2.0
#include "provision/order/record.h"

#include <algorithm>

namespace lightseed {
namespace {

constexpr std::string_view blanks = " \t";

}  // namespace

bool Record::is_empty() const noexcept {
  return std::all_of(fields_.begin(), fields_.end(), [](std::string_view field) { return field.empty(); });
}

std::string_view Record::without_blanks(std::string_view text) {
  const std::size_t before = text.size();
  text.remove_prefix(std::min(text.find_first_not_of(blanks), text.size()));
  text.remove_suffix(text.size() - (text.find_last_not_of(blanks) + 1));
  had_blanks_ = had_blanks_ || text.size() != before;
  return text;
}

/// Takes `"…"` from the front of `rest` into fields_. Returns a fault or nothing.
std::string_view Record::cut_quoted(std::string_view& rest) {
  std::size_t end = rest.find('"', 1);
  bool doubled = false;
  while (end != std::string_view::npos && rest.substr(end + 1).starts_with('"')) {
    doubled = true;
    end = rest.find('"', end + 2);
  }
  if (end == std::string_view::npos) return "a double quote is opened and not closed on this line";
  std::string_view field = rest.substr(1, end - 1);
  rest.remove_prefix(end + 1);
  if (doubled) {
    const std::size_t from = unquoted_.size();
    for (std::size_t i = 0; i < field.size(); ++i) {
      unquoted_ += field[i];
      if (field[i] == '"') ++i;
    }
    field = std::string_view(unquoted_).substr(from);
  }
  fields_.push_back(without_blanks(field));
  return {};
}

std::string_view Record::cut(std::string_view line, char separator) {
  fields_.clear();
  unquoted_.clear();
  unquoted_.reserve(line.size());  // fields point into it: it must not move
  had_blanks_ = false;
  // A tab that separates is no blank around a field.
  for (std::string_view rest = line;;) {
    std::size_t skipped = 0;
    while (skipped < rest.size() && rest[skipped] == ' ')
      ++skipped;
    if (rest.substr(skipped).starts_with('"')) {
      rest.remove_prefix(skipped);
      if (const auto fault = cut_quoted(rest); !fault.empty()) return fault;
      rest.remove_prefix(std::min(rest.find_first_not_of(' '), rest.size()));
      if (rest.empty()) return {};
      if (rest.front() != separator) return "text after the double quote that closes a field";
    } else {
      const std::size_t end = rest.find(separator);
      fields_.push_back(without_blanks(rest.substr(0, end)));
      if (end == std::string_view::npos) return {};
      rest.remove_prefix(end);
    }
    rest.remove_prefix(1);
  }
}

}  // namespace lightseed

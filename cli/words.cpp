// SPDX-License-Identifier: Apache-2.0
#include "cli/words.h"

#include <fmt/format.h>

namespace lightseed::cli {
namespace {

/// Columns that UTF-8 text takes, as far as it has no wide characters: our own words have none.
std::size_t columns_of(std::string_view text) {
  std::size_t columns = 0;
  for (const char c : text)
    columns += (static_cast<unsigned char>(c) & 0xC0) != 0x80 ? 1 : 0;
  return columns;
}

}  // namespace

std::string counted(std::uint64_t number, std::string_view singular) {
  return fmt::format("{} {}{}", number, singular, number == 1 ? "" : "s");
}

std::string wrapped(std::string_view text, std::size_t columns, std::size_t indent) {
  std::string out;
  std::size_t used = indent;
  bool line_is_empty = true;
  const auto new_line = [&] {
    out += '\n';
    out.append(indent, ' ');
    used = indent;
    line_is_empty = true;
  };
  for (std::size_t begin = 0; begin < text.size();) {
    const std::size_t end = std::min(text.find_first_of(" \n", begin), text.size());
    const std::string_view word = text.substr(begin, end - begin);
    const std::size_t width = columns_of(word);
    if (!line_is_empty && used + 1 + width > columns) new_line();
    if (!line_is_empty) {
      out += ' ';
      ++used;
    }
    out += word;
    used += width;
    line_is_empty = line_is_empty && word.empty();
    if (end < text.size() && text[end] == '\n') new_line();
    begin = end + 1;
  }
  return out;
}

}  // namespace lightseed::cli

// SPDX-License-Identifier: Apache-2.0
#include "cli/printable.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

#include "provision/order/utf8.h"

namespace lightseed::cli {
namespace {

struct Character {
  char32_t code = 0;
  std::size_t bytes = 1;
  bool valid = false;
};

/// The character `text` begins with; a first byte that begins none is invalid and one byte long.
Character first_of(std::string_view text) {
  const auto first = first_code_point(text);
  return first ? Character{first->value, first->bytes, true} : Character{};
}

/// Controls, direction marks, invisible characters and separators of lines.
bool harmful(char32_t code) {
  constexpr std::array<std::pair<char32_t, char32_t>, 11> ranges{{{0x00, 0x1F},
                                                                  {0x7F, 0x9F},
                                                                  {0xAD, 0xAD},
                                                                  {0x61C, 0x61C},
                                                                  {0x180E, 0x180E},
                                                                  {0x200B, 0x200F},
                                                                  {0x2028, 0x202E},
                                                                  {0x2060, 0x206F},
                                                                  {0xFEFF, 0xFEFF},
                                                                  {0xFFF9, 0xFFFB},
                                                                  {0xE0000, 0xE0FFF}}};
  for (const auto& [first, last] : ranges) {
    if (code >= first && code <= last) return true;
  }
  return false;
}

std::string one_line(std::string_view text, std::size_t most) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t i = 0; i < text.size();) {
    if (out.size() >= most) return fmt::format("{}… ({} bytes more)", out, text.size() - i);
    const Character c = first_of(text.substr(i));
    if (c.valid && !harmful(c.code)) {
      out += text.substr(i, c.bytes);
    } else if (c.valid && c.code >= 0x80) {
      out += fmt::format("\\u{{{:x}}}", static_cast<unsigned>(c.code));
    } else {
      out += fmt::format("\\x{:02x}", static_cast<unsigned char>(text[i]));
    }
    i += c.bytes;
  }
  return out;
}

}  // namespace

std::string printable(std::string_view text, std::size_t most) {
  return one_line(text, most);
}

std::string printable_lines(std::string_view text, std::size_t most) {
  std::string out;
  for (std::size_t begin = 0; begin <= text.size();) {
    const std::size_t end = std::min(text.find('\n', begin), text.size());
    out += one_line(text.substr(begin, end - begin), most);
    if (end < text.size()) out += '\n';
    begin = end + 1;
  }
  return out;
}

std::string printable_json(std::string_view json) {
  std::string out;
  out.reserve(json.size());
  for (std::size_t i = 0; i < json.size();) {
    const Character c = first_of(json.substr(i));
    // Newlines stand between members; inside strings JSON has escaped them already.
    if (!c.valid || c.code == '\n' || !harmful(c.code)) {
      out += json.substr(i, c.bytes);
    } else if (c.code < 0x10000) {
      out += fmt::format("\\u{:04x}", static_cast<unsigned>(c.code));
    } else {
      const auto pair = static_cast<unsigned>(c.code - 0x10000);
      out += fmt::format("\\u{:04x}\\u{:04x}", 0xD800U + (pair >> 10), 0xDC00U + (pair & 0x3FFU));
    }
    i += c.bytes;
  }
  return out;
}

}  // namespace lightseed::cli

// SPDX-License-Identifier: Apache-2.0
#include "provision/order/spreadsheet.h"

#include <fmt/format.h>

#include <algorithm>

#include "provision/order/digits.h"
#include "provision/order/utf8.h"

namespace lightseed {
namespace {

constexpr std::string_view digits = "0123456789";

/// 8.98821E+18 and the like, also with a decimal comma.
bool is_scientific(std::string_view text) noexcept {
  const std::size_t e = text.find_first_of("eE");
  if (e == std::string_view::npos || e == 0) return false;
  const std::string_view mantissa = text.substr(0, e);
  std::string_view exponent = text.substr(e + 1);
  if (!exponent.empty() && (exponent.front() == '+' || exponent.front() == '-')) exponent.remove_prefix(1);
  return !exponent.empty() && exponent.size() <= 3 && exponent.find_first_not_of(digits) == std::string_view::npos &&
         is_digit(mantissa.front()) && mantissa.find_first_not_of("0123456789.,") == std::string_view::npos &&
         (mantissa.size() == 1 || mantissa.find_first_of(".,") != std::string_view::npos || exponent.size() < e);
}

/// A number as of money: 8988211000000000011.00
bool has_fraction_of_zeros(std::string_view text) noexcept {
  const std::size_t point = text.find_last_of(".,");
  return point != std::string_view::npos && point > 0 && text.size() - point <= 3 && point + 1 < text.size() &&
         text.substr(0, point).find_first_not_of(digits) == std::string_view::npos &&
         text.substr(point + 1).find_first_not_of('0') == std::string_view::npos;
}

/// Blanks that look like one and are another, and marks that cannot be seen.
bool is_odd_blank(char32_t c) noexcept {
  return c == 0xa0 || c == 0xad || (c >= 0x2000 && c <= 0x200f) || (c >= 0x2028 && c <= 0x202f) || c == 0x205f ||
         c == 0x2060 || c == 0x3000 || c == 0xfeff;
}

std::string cause_of_character(char32_t c) {
  const auto number = static_cast<unsigned>(c);
  if (is_odd_blank(c))
    return fmt::format("holds {} (U+{:04X}), as copies from pages and documents do: delete it",
                       c == 0xa0 ? "a non-breaking space" : "a blank or mark that cannot be seen", number);
  if (c >= 0xff10 && c <= 0xff19) return "is written in full-width digits: type or convert them to ASCII";
  if (c >= 0x2018 && c <= 0x2019) return "begins with an apostrophe, which keeps a number as text: delete it";
  if (c == 0xfffd) return "holds a character that was lost when the file was written: export it again as UTF-8";
  return {};
}

}  // namespace

std::string cause_of(std::string_view text) {
  if (text.empty()) return "is empty";
  if (text.front() == '\'' || text.front() == '`')
    return "begins with an apostrophe, which spreadsheets put before a number that is text: delete it";
  if (text.front() == '=') return "is a formula of a spreadsheet: export the values";
  if (text.front() == '#') return "is what a spreadsheet shows for an error or a column too narrow: export the values";
  if (is_scientific(text)) return fmt::format("was rounded: {}", rounding);
  if (has_fraction_of_zeros(text)) return "was written as a number with a fraction: format the column as text";
  for (std::string_view rest = text; !rest.empty();) {
    const auto next = first_code_point(rest);
    if (!next) break;
    if (auto cause = cause_of_character(next->value); !cause.empty()) return cause;
    rest.remove_prefix(next->bytes);
  }
  const auto made_of = [&](std::string_view others) {
    return std::all_of(text.begin(), text.end(),
                       [&](char c) { return is_digit(c) || others.find(c) != std::string_view::npos; });
  };
  if (made_of(" -.,/")) return "is written in groups: leave out blanks and punctuation";
  if (made_of("OoIl")) return "has the letter O, I or l where a digit belongs";
  return {};
}

bool looks_rounded(std::string_view number) noexcept {
  constexpr std::size_t kept = 15;
  return number.size() >= 18 && number.substr(kept).find_first_not_of('0') == std::string_view::npos;
}

}  // namespace lightseed

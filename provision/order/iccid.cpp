// SPDX-License-Identifier: Apache-2.0
#include "provision/order/iccid.h"

#include <fmt/format.h>

#include <algorithm>

#include "provision/order/digits.h"
#include "provision/order/issuer.h"
#include "provision/order/spreadsheet.h"
#include "provision/order/utf8.h"

namespace lightseed {
namespace {

constexpr std::size_t stored = 20;  // half bytes of EF_ICCID

/// Letters that nobody takes for a digit. F among them: at the end it was taken off before.
bool is_letter_of_iccid(char c) noexcept {
  return c >= 'A' && c <= 'Z' && c != 'I' && c != 'L' && c != 'O';
}

/// Why a text that is not of 18 to 20 letters and digits is no ICCID.
std::string fault_of_form(std::string_view text) {
  const std::string name = fmt::format("ICCID '{}'", shown(text));
  if (text.empty()) return "the ICCID is empty";
  if (text.size() == 32 && text.starts_with("89") && all_digits(text))
    return name + " has 32 digits: that is an EID, the number of an eUICC, not of a profile";
  if ((text.size() == 14 || text.size() == 15) && all_digits(text))
    return fmt::format("{} has {} digits, as an IMSI: have columns changed places?", name, text.size());
  if (all_digits(text)) return fmt::format("{} has {} digits, not 18 to 20", name, text.size());
  if (const std::string cause = cause_of(text); !cause.empty()) return fmt::format("{} {}", name, cause);
  return name + " is not 18 to 20 digits";
}

std::string fault_of_letters(std::string_view number, const Issuer& issuer) {
  for (std::size_t i = 0; i < number.size(); ++i) {
    if (is_digit(number[i])) continue;
    if (!issuer.letters)
      return fmt::format("ICCID '{}' has the letter {}; by the {} it is of digits", number, number[i], issuer.name);
    if (i < 6)
      return fmt::format("ICCID '{}' has a letter among its first six characters, which name country and issuer",
                         number);
    if (!is_letter_of_iccid(number[i]))
      return fmt::format("ICCID '{}' has the letter {}, which stands for a digit: look which", number, number[i]);
  }
  return {};
}

std::string fault_of_check_digit(std::string_view number) {
  if (luhn_is_valid(number)) return {};
  if (looks_rounded(number)) return fmt::format("ICCID {} was rounded: {}", number, rounding);
  std::string wrong = fmt::format("ICCID {} has a wrong check digit (Luhn)", number);
  if (number.size() == 18) return wrong + "; perhaps it was left out, and the whole number has 19 digits";
  if (luhn_is_valid(number.substr(0, number.size() - 1))) return wrong + "; without its last digit it were right";
  return wrong;
}

std::string fault_of(std::string_view number) {
  if (number.find_first_not_of('0') == std::string_view::npos)
    return fmt::format("ICCID {} is no number of a SIM", number);
  const Issuer* const issuer = issuer_of(number);
  if (issuer == nullptr) {
    return number.starts_with("98")
               ? fmt::format("ICCID '{}' begins with 98: its digits are swapped in pairs, as a card stores them",
                             number)
               : fmt::format("ICCID '{}' does not begin with 89, as all of ITU-T E.118 do", number);
  }
  if (auto fault = fault_of_letters(number, *issuer); !fault.empty()) return fault;
  if (number.size() < issuer->shortest || number.size() > issuer->longest)
    return fmt::format("ICCID {} has {} characters; those of {} have {}", number, number.size(), issuer->name,
                       issuer->shortest == issuer->longest
                           ? fmt::format("{}", issuer->shortest)
                           : fmt::format("{} to {}", issuer->shortest, issuer->longest));
  return issuer->check_digit ? fault_of_check_digit(number) : std::string();
}

}  // namespace

std::string read_iccid(std::string_view text, FixedText<20>& iccid) {
  const auto letter_or_digit = [](char c) { return is_digit(c) || is_letter(c); };
  if (text.size() < 18 || text.size() > stored || !std::all_of(text.begin(), text.end(), letter_or_digit))
    return fault_of_form(text);
  std::array<char, stored> capitals{};
  std::transform(text.begin(), text.end(), capitals.begin(),
                 [](char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c; });
  std::string_view number(capitals.data(), text.size());
  number = number.substr(0, number.find_last_not_of('F') + 1);
  if (number.size() < text.size() && text.size() != stored)
    return fmt::format("ICCID '{}' ends in F, which fills up to 20 characters, and has {}", shown(text), text.size());
  if (number.size() < 18)
    return fmt::format("ICCID '{}' has {} characters without the F that fill it, not 18 to 20", shown(text),
                       number.size());
  if (auto fault = fault_of(number); !fault.empty()) return fault;
  iccid = number;
  return {};
}

bool luhn_is_valid(std::string_view digits) noexcept {
  unsigned sum = 0;
  bool twice = false;
  for (auto it = digits.rbegin(); it != digits.rend(); ++it, twice = !twice) {
    unsigned digit = static_cast<unsigned>(*it - '0');
    if (twice) digit = digit < 5 ? 2 * digit : 2 * digit - 9;
    sum += digit;
  }
  return sum % 10 == 0;
}

}  // namespace lightseed

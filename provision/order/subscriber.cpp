// SPDX-License-Identifier: Apache-2.0
#include "provision/order/subscriber.h"

#include <fmt/format.h>

#include <algorithm>

#include "provision/order/digits.h"
#include "provision/order/spreadsheet.h"
#include "provision/order/utf8.h"

namespace lightseed {
namespace {

bool only_digits(std::string_view text) noexcept {
  return !text.empty() && all_digits(text);
}

}  // namespace

std::string read_imsi(std::string_view text, FixedText<15>& imsi) {
  const auto named = [&](std::string_view why) { return fmt::format("IMSI '{}' {}", shown(text), why); };
  if (!only_digits(text)) {
    const std::string cause = cause_of(text);
    return text.empty() ? "the IMSI is empty" : named(cause.empty() ? "is not 14 or 15 digits" : cause);
  }
  if (text.size() >= 18 && text.size() <= 20 && text.starts_with("89"))
    return named(fmt::format("has {} digits, as an ICCID: have columns changed places?", text.size()));
  // Of all country codes only that of test networks, 001, begins with a zero (ITU-T E.212).
  if ((text.size() == 12 || text.size() == 13) && text.starts_with('1'))
    return named("has lost its leading zeros (test networks begin with 001): format the column as text");
  if (text.size() < 14 || text.size() > 15) return named(fmt::format("has {} digits, not 14 or 15", text.size()));
  if (text.find_first_not_of('0') == std::string_view::npos) return fmt::format("IMSI {} is no number of a SIM", text);
  imsi = text;
  return {};
}

std::string read_msisdn(std::string_view text, FixedText<16>& msisdn) {
  std::string_view number = text;
  if (number.starts_with('+')) number.remove_prefix(1);
  if (!text.empty() && (!only_digits(number) || number.size() > 15)) {
    const std::string cause = cause_of(number);
    return fmt::format("MSISDN '{}' {}", shown(text), cause.empty() ? "is not up to 15 digits" : cause);
  }
  msisdn = text;
  return {};
}

bool is_name(std::string_view text) noexcept {
  return std::all_of(text.begin(), text.end(),
                     [](char c) { return is_digit(c) || is_letter(c) || c == '.' || c == '_' || c == '-'; });
}

std::string fault_of_profile(std::string_view text) {
  if (text.size() <= 64 && is_name(text)) return {};
  return fmt::format("profile '{}' is not up to 64 of A-Z a-z 0-9 . _ -", shown(text));
}

}  // namespace lightseed

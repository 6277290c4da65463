// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>

#include "core/byte_views.h"
#include "core/error.h"
#include "stats/input/forms/kinds.h"

/// Bits written as the digits 0 and 1, with blanks, commas and ends of lines between them where their writer liked.
namespace lightseed::stats::sample_forms {
namespace {

bool is_digit(char c) {
  return c == '0' || c == '1';
}
bool is_between(char c) {
  return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == ',';
}

class Digits final : public FormDecoder {
 public:
  [[nodiscard]] SampleWidth width() const override { return {.bits = 1}; }

  void decode(std::span<const std::byte> in, std::vector<std::int64_t>& out) override {
    for (const char c : text_of(in)) {
      ++at_;
      if (is_digit(c)) {
        out.push_back(c == '1' ? 1 : 0);
      } else if (!is_between(c)) {
        throw Error(Category::malformed, fmt::format("byte {} of the text is neither 0 nor 1", at_));
      }
    }
  }

 private:
  std::uint64_t at_ = 0;
};

}  // namespace

bool is_digits(Head head) {
  constexpr std::size_t enough = 64;
  const std::string_view text = text_of(head);
  const bool only = std::all_of(text.begin(), text.end(), [](char c) { return is_digit(c) || is_between(c); });
  // Samples of eight bits that only ever have the values 48 and 49 would have no ends of lines.
  return only && text.size() >= enough && std::any_of(text.begin(), text.end(), is_digit);
}

DecoderOwner digits(const InputOptions& options, Head /*head*/) {
  if (options.said_bits.value_or(1) != 1) throw Error(Category::usage, "a digit of 0 and 1 is a sample of one bit");
  return std::make_unique<Digits>();
}

}  // namespace lightseed::stats::sample_forms

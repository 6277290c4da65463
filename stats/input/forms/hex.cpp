// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "core/byte_views.h"
#include "core/error.h"
#include "stats/input/forms/kinds.h"

/// Bytes written in hexadecimal: pairs of digits with whatever between them that separates, and perhaps 0x in front.
/// Each byte is a sample.
namespace lightseed::stats::sample_forms {
namespace {

int value_of(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  const char lower = static_cast<char>(c | 0x20);
  return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
}

bool is_between_bytes(char c) {
  return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == ',' || c == ':' || c == ';';
}

class HexBytes final : public FormDecoder {
 public:
  explicit HexBytes(unsigned bits) : bits_(bits) {}

  [[nodiscard]] SampleWidth width() const override { return {.bits = bits_}; }

  void decode(std::span<const std::byte> in, std::vector<std::int64_t>& out) override {
    for (const char c : text_of(in)) {
      ++at_;
      const int value = value_of(c);
      if (value >= 0) {
        add(value, out);
      } else if ((c | 0x20) == 'x' && half_ == 0) {
        half_ = -1;  // the zero was that of 0x
      } else if (is_between_bytes(c) && half_ < 0) {
        continue;
      } else {
        throw Error(Category::malformed,
                    fmt::format("byte {} of the text does not belong to pairs of hexadecimal digits", at_));
      }
    }
  }

  void end(std::vector<std::int64_t>& /*out*/) override {
    if (half_ >= 0) throw Error(Category::malformed, "the hexadecimal text ends after half a byte: is it cut off?");
  }

 private:
  unsigned bits_;
  int half_ = -1;  ///< the first digit of a pair
  std::uint64_t at_ = 0;

  void add(int value, std::vector<std::int64_t>& out) {
    if (half_ < 0) {
      half_ = value;
    } else {
      out.push_back(half_ * 16 + value);
      half_ = -1;
    }
  }
};

}  // namespace

bool is_hex(Head head) {
  constexpr std::size_t enough = 64;
  const std::string_view text = text_of(head);
  const auto belongs = [](char c) { return value_of(c) >= 0 || is_between_bytes(c) || c == 'x' || c == 'X'; };
  const auto is_letter = [](char c) { return value_of(c) >= 10; };
  const auto is_decimal = [](char c) { return c >= '0' && c <= '9'; };
  if (text.size() < enough || !std::all_of(text.begin(), text.end(), belongs)) return false;
  if (std::none_of(text.begin(), text.end(), is_letter) || std::none_of(text.begin(), text.end(), is_decimal)) {
    return false;
  }
  // A word of an odd number of digits is a number, not bytes; the last one may go on behind the beginning.
  std::size_t digits = 0;
  for (const char c : text) {
    if (value_of(c) >= 0) {
      ++digits;
    } else if (is_between_bytes(c) && std::exchange(digits, 0) % 2 != 0) {
      return false;
    } else if (c == 'x' || c == 'X') {
      digits = 0;
    }
  }
  return true;
}

DecoderOwner hex(const InputOptions& options, Head /*head*/) {
  const unsigned bits = options.said_bits.value_or(8);
  if (bits > 8) {
    throw Error(Category::usage, fmt::format("a byte of hexadecimal text holds no sample of {} bits", bits));
  }
  return std::make_unique<HexBytes>(bits);
}

}  // namespace lightseed::stats::sample_forms

// SPDX-License-Identifier: Apache-2.0
#include "stats/input/input_warnings.h"

#include <fmt/format.h>

#include <algorithm>
#include <bit>

namespace lightseed::stats {
namespace {

constexpr std::uint64_t wanted_samples = 1'000'000;  // SP 800-90B 3.1.1

std::uint64_t distinct(const Histogram& counts) {
  return static_cast<std::uint64_t>(
      std::count_if(counts.begin(), counts.end(), [](std::uint64_t n) { return n != 0; }));
}

}  // namespace

void Suspicions::see_bytes(std::span<const std::byte> bytes) {
  const auto is_flag = [](std::byte byte) { return byte == std::byte{0} || byte == std::byte{1}; };
  const auto is_digit = [](std::byte byte) {
    return byte == std::byte{'0'} || byte == std::byte{'1'} || byte == std::byte{'\n'} || byte == std::byte{'\r'};
  };
  all_flags_ = all_flags_ && std::all_of(bytes.begin(), bytes.end(), is_flag);
  all_digits_ = all_digits_ && std::all_of(bytes.begin(), bytes.end(), is_digit);
  for (const std::byte byte : bytes)
    ++bytes_[bytes_seen_++ % 2][std::to_integer<std::size_t>(byte)];
}

void Suspicions::see_symbols(std::span<const std::uint8_t> symbols) {
  const Histogram counts = histogram(symbols);
  for (std::size_t value = 0; value < counts.size(); ++value)
    counts_[value] += counts[value];
  samples_ += symbols.size();
}

std::vector<std::string> Suspicions::words_of_bytes(const SampleFormat& format) const {
  std::vector<std::string> warnings;
  if (format.container_bits < 8 && all_flags_) {
    warnings.emplace_back(
        "every byte of the file is 0 or 1: it looks like one bit a byte, not packed bits; try containers of 8 bits");
  }
  if (all_digits_) {
    warnings.emplace_back("the file is text of the digits 0 and 1, not samples: read it in the form of digits");
  }
  // Samples of nine to twelve bits in pairs of bytes: the high bytes have few values.
  const std::uint64_t first = distinct(bytes_[0]);
  const std::uint64_t second = distinct(bytes_[1]);
  constexpr std::uint64_t enough = 1000;
  if (format.container_bits == 8 && bytes_seen_ >= enough && std::min(first, second) <= 16 &&
      std::max(first, second) >= 4 * std::min(first, second)) {
    warnings.push_back(
        fmt::format("every second byte has only {} value{}, the others have {}: these look like samples "
                    "of more than 8 bits in two bytes each",
                    std::min(first, second), std::min(first, second) == 1 ? "" : "s", std::max(first, second)));
  }
  return warnings;
}

std::vector<std::string> Suspicions::words(const SampleFormat& format, unsigned width, bool is_plain) const {
  std::vector<std::string> warnings;
  if (is_plain) warnings = words_of_bytes(format);
  const std::uint64_t values = distinct(counts_);
  unsigned used = 0;
  for (unsigned value = 0; value < counts_.size(); ++value)
    used |= counts_[value] != 0 ? value : 0;
  if (values == 2 && width > 1) {
    warnings.push_back(
        fmt::format("only 2 of {} possible values come: a one-bit source? Then its samples have 1 bit", 1U << width));
  } else if (values > 1 && static_cast<unsigned>(std::bit_width(used)) < width) {
    warnings.push_back(fmt::format("the samples use {} bits, not the {} declared: H_bitstring counts the idle bits",
                                   std::bit_width(used), width));
  }
  if (samples_ < wanted_samples) {
    warnings.push_back(
        fmt::format("{} samples are fewer than the {} that SP 800-90B 3.1.1 asks for", samples_, wanted_samples));
  }
  return warnings;
}

}  // namespace lightseed::stats

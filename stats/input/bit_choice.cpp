// SPDX-License-Identifier: Apache-2.0
#include "stats/input/bit_choice.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <map>
#include <numeric>
#include <optional>

namespace lightseed::stats {
namespace {

constexpr std::size_t looked_at = std::size_t{1} << 18;
constexpr std::size_t runs = 16;

/// Enough samples to choose by: runs from all over, because the first ones may be unlike the rest.
std::vector<std::uint32_t> spread(std::span<const std::uint32_t> samples) {
  if (samples.size() <= looked_at) return {samples.begin(), samples.end()};
  constexpr std::size_t run = looked_at / runs;
  std::vector<std::uint32_t> some;
  some.reserve(looked_at);
  for (std::size_t i = 0; i < runs; ++i) {
    const auto part = samples.subspan((samples.size() - run) * i / (runs - 1), run);
    some.insert(some.end(), part.begin(), part.end());
  }
  return some;
}

/// The bits chosen so far and the value each sample has in them.
class Chosen {
 public:
  explicit Chosen(std::span<const std::uint32_t> samples) : samples_(samples), cell_(samples.size()) {}

  /// Collision entropy, in bits, of the bits chosen together with `bit`.
  [[nodiscard]] double entropy_with(unsigned bit) const {
    std::vector<double> counts(std::size_t{2} << bits_.size());
    for (std::size_t i = 0; i < samples_.size(); ++i)
      ++counts[cell_[i] << 1 | (samples_[i] >> bit & 1U)];
    const double all = static_cast<double>(samples_.size());
    double collisions = 0;
    for (const double count : counts)
      collisions += count / all * (count / all);
    return -std::log2(collisions);
  }

  void take(unsigned bit) {
    entropy_ = entropy_with(bit);
    for (std::size_t i = 0; i < samples_.size(); ++i)
      cell_[i] = cell_[i] << 1 | (samples_[i] >> bit & 1U);
    bits_.push_back(bit);
  }

  /// What chance alone makes two equally good bits differ by, with room: the estimate's standard deviation is
  /// sqrt(2 cells) / samples.
  [[nodiscard]] double tolerance() const {
    constexpr double least = 0.01;
    const double cells = static_cast<double>(std::size_t{2} << bits_.size());
    return least + 6 * std::sqrt(2 * cells) / static_cast<double>(samples_.size());
  }

  [[nodiscard]] double entropy() const noexcept { return entropy_; }
  [[nodiscard]] const std::vector<unsigned>& bits() const noexcept { return bits_; }

 private:
  std::span<const std::uint32_t> samples_;
  std::vector<std::uint32_t> cell_;
  std::vector<unsigned> bits_{};
  double entropy_ = 0;
};

/// The bit of `left` that adds most; of those that add as much but for chance, the first. Nothing when none adds.
std::optional<std::size_t> best_of(const Chosen& chosen, std::span<const unsigned> left) {
  std::vector<double> gains;
  for (const unsigned bit : left)
    gains.push_back(chosen.entropy_with(bit) - chosen.entropy());
  const double tolerance = chosen.tolerance();
  const double most = gains.empty() ? 0 : *std::max_element(gains.begin(), gains.end());
  if (most < tolerance) return std::nullopt;
  const auto first = std::find_if(gains.begin(), gains.end(), [&](double gain) { return gain >= most - tolerance; });
  return static_cast<std::size_t>(first - gains.begin());
}

/// The kept bit that `bit` follows in 95 of 100 samples, equal or opposite.
std::optional<unsigned> original_of(unsigned bit, std::span<const std::uint32_t> samples,
                                    std::span<const unsigned> kept) {
  for (const unsigned other : kept) {
    const auto equal = static_cast<double>(std::count_if(
                           samples.begin(), samples.end(),
                           [&](std::uint32_t sample) { return ((sample >> bit ^ sample >> other) & 1U) == 0; })) /
                       static_cast<double>(samples.size());
    if (equal >= 0.95 || equal <= 0.05) return other;
  }
  return std::nullopt;
}

/// "15", "14 to 9", "14 to 12, 9".
std::string as_ranges(std::span<const unsigned> falling) {
  std::vector<std::string> parts;
  for (std::size_t i = 0; i < falling.size();) {
    std::size_t end = i + 1;
    while (end < falling.size() && falling[end] + 1 == falling[end - 1])
      ++end;
    if (end - i > 2) {
      parts.push_back(fmt::format("{} to {}", falling[i], falling[end - 1]));
      i = end;
    } else {
      parts.push_back(fmt::format("{}", falling[i++]));
    }
  }
  return fmt::format("{}", fmt::join(parts, ", "));
}

}  // namespace

BitChoice choose_bits(std::span<const std::uint32_t> samples, unsigned bits, bool eight) {
  const std::vector<std::uint32_t> seen = spread(samples);
  std::uint32_t ever_one = 0;
  std::uint32_t ever_zero = 0;
  for (const std::uint32_t sample : samples) {
    ever_one |= sample;
    ever_zero |= ~sample;
  }
  BitChoice choice;
  std::vector<unsigned> left;
  for (unsigned bit = bits; bit-- > 0;)
    ((ever_one & ever_zero) >> bit & 1U ? left : choice.constant).push_back(bit);
  Chosen chosen(seen);
  while (chosen.bits().size() < 8) {
    const auto next = best_of(chosen, left);
    if (!next) break;
    chosen.take(left[*next]);
    left.erase(left.begin() + static_cast<std::ptrdiff_t>(*next));
  }
  choice.kept = chosen.bits();
  for (const unsigned bit : left) {
    if (const auto of = original_of(bit, seen, choice.kept)) choice.copies.push_back({bit, *of});
  }
  // Samples that never change have no best bit; any is as good.
  if (eight || choice.kept.empty()) {
    left.insert(left.end(), choice.constant.begin(), choice.constant.end());
    left.resize(std::min(left.size(), 8 - choice.kept.size()));
    choice.kept.insert(choice.kept.end(), left.begin(), left.end());
  }
  std::sort(choice.kept.begin(), choice.kept.end(), std::greater<>());
  return choice;
}

std::string words_of(const BitChoice& choice, unsigned bits) {
  std::string words = fmt::format("of {} bits {} {} assessed", bits, fmt::join(choice.kept, ","),
                                  choice.kept.size() == 1 ? "is" : "are");
  std::map<unsigned, std::vector<unsigned>, std::greater<>> copies;
  for (const BitChoice::Copy& copy : choice.copies)
    copies[copy.of].push_back(copy.bit);
  for (const auto& [of, repeats] : copies)
    words += fmt::format("; {} {} bit {}", as_ranges(repeats), repeats.size() == 1 ? "repeats" : "repeat", of);
  if (!choice.constant.empty()) {
    words +=
        fmt::format("; {} never {}", as_ranges(choice.constant), choice.constant.size() == 1 ? "changes" : "change");
  }
  return words;
}

}  // namespace lightseed::stats

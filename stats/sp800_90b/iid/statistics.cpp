// SPDX-License-Identifier: Apache-2.0
#include "stats/sp800_90b/iid/statistics.h"

#include <algorithm>
#include <bit>
#include <cstring>
#include <vector>

#include "stats/input/histogram.h"
#include "stats/sp800_90b/iid/byte_statistics.h"
#include "stats/sp800_90b/iid/bzip2_length.h"
#include "stats/sp800_90b/iid/shuffle.h"

namespace lightseed::sp800_90b {
namespace {

constexpr std::array<std::string_view, statistics_count> ids{
    "excursion",          "directional-runs",  "longest-directional-run", "increases",     "median-runs",
    "longest-median-run", "average-collision", "maximum-collision",       "periodicity-1", "periodicity-2",
    "periodicity-8",      "periodicity-16",    "periodicity-32",          "covariance-1",  "covariance-2",
    "covariance-8",       "covariance-16",     "covariance-32",           "compression"};

void note(const Runs& runs, StatisticValues& values) {
  values[4] = static_cast<double>(runs.count);
  values[5] = static_cast<double>(runs.longest);
}

/// How many ones each byte of a word has.
std::uint64_t ones_in_bytes(std::uint64_t word) {
  static_assert(std::endian::native == std::endian::little);  // the first byte is the lowest one
  word -= word >> 1 & 0x5555555555555555;
  word = (word & 0x3333333333333333) + (word >> 2 & 0x3333333333333333);
  return (word + (word >> 4)) & 0x0F0F0F0F0F0F0F0F;
}

/// More than two values: all statistics look at the samples themselves.
class ByteStatistics final : public Statistics {
 public:
  explicit ByteStatistics(std::span<const std::uint8_t> raw)
      : data_(raw.begin(), raw.end()), counts_(histogram(raw)), shuffle_(counts_) {
    // The median of 5.1.5 is that of the renumbered symbols: half way between two of them it falls to the upper.
    std::vector<std::uint8_t> values;
    std::array<std::size_t, 256> number{};
    for (std::size_t value = 0; value < counts_.size(); ++value) {
      if (counts_[value] == 0) continue;
      number[value] = values.size();
      values.push_back(static_cast<std::uint8_t>(value));
      total_ += value * counts_[value];
    }
    const auto at = [&](std::size_t rank) {
      std::size_t value = 0;
      for (std::size_t seen = counts_[0]; seen <= rank; seen += counts_[++value]) {
      }
      return number[value];
    };
    const std::size_t half = data_.size() / 2;
    const std::size_t upper = at(half);
    const std::size_t lower = data_.size() % 2 == 1 ? upper : at(half - 1);
    threshold_ = values[(lower + upper + 1) / 2];
  }

  [[nodiscard]] StatisticValues original(StatisticSet which) const override { return evaluate(data_, which, nullptr); }

  [[nodiscard]] StatisticValues permuted(Xoshiro random, StatisticSet which,
                                         const StatisticValues* original) const override {
    std::vector<std::uint8_t> arranged(data_.size());
    shuffle_.draw(random, arranged);
    return evaluate(arranged, which, original);
  }

 private:
  std::vector<std::uint8_t> data_;
  Histogram counts_;
  Shuffle shuffle_;
  std::uint64_t total_ = 0;
  std::uint8_t threshold_ = 0;

  [[nodiscard]] StatisticValues evaluate(std::span<const std::uint8_t> data, StatisticSet which,
                                         const StatisticValues* original) const {
    StatisticValues values{};
    if (which[0]) values[0] = excursion(data);
    neighbour_statistics(data, which, values);
    if (which[4] || which[5]) {
      Signs signs;
      upper_signs(data, threshold_, signs);
      note(runs_of(signs, data.size()), values);
    }
    collision_statistics(data, which, original, values);
    if (which[compression_statistic]) {
      values[compression_statistic] = static_cast<double>(bzip2_length(data));
    }
    return values;
  }

  /// 5.1.1, times n: |n * sum(0..i) - (i+1) * total| in whole numbers.
  [[nodiscard]] double excursion(std::span<const std::uint8_t> data) const {
    const auto n = static_cast<std::int64_t>(data.size());
    const auto mean = static_cast<std::int64_t>(total_);
    std::int64_t sum = 0;
    std::int64_t highest = 0;
    std::int64_t lowest = 0;
    for (const std::uint8_t sample : data) {
      sum += n * sample - mean;
      highest = std::max(highest, sum);
      lowest = std::min(lowest, sum);
    }
    return static_cast<double>(std::max(highest, -lowest)) / static_cast<double>(n);
  }
};

/// Two values: bits, and for most statistics blocks of eight of them (conversions I and II of 5.1).
class BitStatistics final : public Statistics {
 public:
  BitStatistics(const BitString& bits, std::uint8_t zero, std::uint8_t one)
      : words_(bits.words().begin(), bits.words().end()),
        size_(bits.size()),
        shuffle_(bits.size(), bits.ones()),
        zero_(zero),
        one_(one) {
    // How far eight bits carry the excursion, and where it stands highest and lowest on the way.
    const auto up = static_cast<std::int64_t>(size_ - bits.ones());
    const auto down = static_cast<std::int64_t>(bits.ones());
    for (unsigned byte = 0; byte < 256; ++byte) {
      Path& path = paths_[byte];
      for (unsigned bit = 0; bit < 8; ++bit) {
        path.end += (byte >> bit & 1) != 0 ? up : -down;
        path.highest = std::max(path.highest, path.end);
        path.lowest = std::min(path.lowest, path.end);
      }
    }
  }

  [[nodiscard]] StatisticValues original(StatisticSet which) const override { return evaluate(words_, which, nullptr); }

  [[nodiscard]] StatisticValues permuted(Xoshiro random, StatisticSet which,
                                         const StatisticValues* original) const override {
    std::vector<std::uint64_t> arranged(words_.size());
    shuffle_.draw(random, arranged);
    return evaluate(arranged, which, original);
  }

 private:
  struct Path {
    std::int64_t end = 0;
    std::int64_t highest = 0;
    std::int64_t lowest = 0;
  };
  std::vector<std::uint64_t> words_;
  std::size_t size_;
  BitShuffle shuffle_;
  std::uint8_t zero_;
  std::uint8_t one_;
  std::array<Path, 256> paths_{};

  [[nodiscard]] static std::uint8_t byte_of(std::span<const std::uint64_t> words, std::size_t i) noexcept {
    return static_cast<std::uint8_t>(words[i / 8] >> (8 * (i % 8)));
  }

  [[nodiscard]] StatisticValues evaluate(std::span<const std::uint64_t> words, StatisticSet which,
                                         const StatisticValues* original) const {
    StatisticValues values{};
    const std::size_t blocks = (size_ + 7) / 8;
    if (which[0]) values[0] = excursion(words);
    std::vector<std::uint8_t> bytes(8 * words.size());
    for (std::size_t i = 0; i < words.size(); ++i) {
      const std::uint64_t ones = ones_in_bytes(words[i]);
      std::memcpy(&bytes[8 * i], &ones, sizeof ones);
    }
    neighbour_statistics(std::span(bytes).first(blocks), which, values);
    if (which[4] || which[5]) note(runs_of(words, size_), values);
    if (which[6] || which[7]) {
      // Conversion II reads the first bit as the highest; which value stands for which does not matter here.
      std::memcpy(bytes.data(), words.data(), bytes.size());
      collision_statistics(std::span(bytes).first(blocks), which, original, values);
    }
    if (which[compression_statistic]) {
      bytes.resize(size_);
      for (std::size_t i = 0; i < size_; ++i)
        bytes[i] = (words[i / 64] >> (i % 64) & 1) != 0 ? one_ : zero_;
      values[compression_statistic] = static_cast<double>(bzip2_length(bytes));
    }
    return values;
  }

  [[nodiscard]] double excursion(std::span<const std::uint64_t> words) const {
    std::int64_t sum = 0;
    std::int64_t highest = 0;
    std::int64_t lowest = 0;
    for (std::size_t i = 0; i < size_ / 8; ++i) {
      const Path& path = paths_[byte_of(words, i)];
      highest = std::max(highest, sum + path.highest);
      lowest = std::min(lowest, sum + path.lowest);
      sum += path.end;
    }
    const auto up = paths_[1].end - paths_[0].end;  // a one in place of a zero: the size
    for (std::size_t i = size_ / 8 * 8; i < size_; ++i) {
      sum += paths_[0].end / 8 + ((words[i / 64] >> (i % 64) & 1) != 0 ? up : 0);
      highest = std::max(highest, sum);
      lowest = std::min(lowest, sum);
    }
    return (one_ - zero_) * static_cast<double>(std::max(highest, -lowest)) / static_cast<double>(size_);
  }
};

}  // namespace

std::span<const std::string_view> statistic_ids() noexcept {
  return ids;
}

std::unique_ptr<Statistics> statistics_of(std::span<const std::uint8_t> raw, const Samples& samples) {
  if (samples.alphabet() > 2) return std::make_unique<ByteStatistics>(raw);
  const auto [low, high] = std::minmax_element(raw.begin(), raw.end());
  return std::make_unique<BitStatistics>(samples.binary(), *low, *high);
}

}  // namespace lightseed::sp800_90b

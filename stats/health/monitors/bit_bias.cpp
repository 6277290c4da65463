// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <cstring>

#include "core/clones.h"
#include "stats/health/block_monitor.h"
#include "stats/health/monitors/monitors.h"

namespace lightseed::health {
namespace {

constexpr std::size_t most_bits = 16;

/// Counts the ones of each bit position, in words of which each holds many samples. First the words themselves are
/// added up bit by bit, eight to words of weights 1, 2, 4 and 8 (carry-save adders, as Harley and Seal count ones);
/// then one bit of every sample is added up in the word of weight 8, as long as no sum can run into the next.
using Words = std::uint64_t __attribute__((vector_size(32)));

/// low + a + b = 2 high + low, bit by bit.
inline __attribute__((always_inline)) void add_up(Words& high, Words& low, const Words& a, const Words& b) {
  const Words different = low ^ a;
  high = (low & a) | (different & b);
  low = different ^ b;
}

template <typename Code>
inline __attribute__((always_inline)) void count_ones(const Code* samples, std::size_t count, std::size_t bits,
                                                      std::uint32_t* ones) {
  constexpr std::size_t a_word = sizeof(Words) / sizeof(Code), together = 8 * a_word;
  constexpr std::uint64_t lowest = sizeof(Code) == 1 ? 0x0101010101010101 : 0x0001000100010001;
  constexpr std::size_t stretch = 255 * together;
  const Words mask = {lowest, lowest, lowest, lowest};
  const auto add_lanes = [&](const Words& sums, std::uint32_t weight, std::size_t bit) {
    Code lanes[a_word];
    std::memcpy(lanes, &sums, sizeof lanes);
    for (const Code lane : lanes)
      ones[bit] += weight * lane;
  };
  Words weight1{}, weight2{}, weight4{};
  std::size_t i = 0;
  while (i + together <= count) {
    const std::size_t end = std::min(count / together * together, i + stretch);
    Words sums[most_bits] = {};
    for (; i < end; i += together) {
      Words w[8];
      std::memcpy(w, samples + i, sizeof w);
      Words two_a, two_b, four_a, four_b, eight;
      add_up(two_a, weight1, w[0], w[1]);
      add_up(two_b, weight1, w[2], w[3]);
      add_up(four_a, weight2, two_a, two_b);
      add_up(two_a, weight1, w[4], w[5]);
      add_up(two_b, weight1, w[6], w[7]);
      add_up(four_b, weight2, two_a, two_b);
      add_up(eight, weight4, four_a, four_b);
      for (std::size_t bit = 0; bit < bits; ++bit)
        sums[bit] += (eight >> bit) & mask;
    }
    for (std::size_t bit = 0; bit < bits; ++bit)
      add_lanes(sums[bit], 8, bit);
  }
  for (std::size_t bit = 0; bit < bits; ++bit) {
    add_lanes((weight1 >> bit) & mask, 1, bit);
    add_lanes((weight2 >> bit) & mask, 2, bit);
    add_lanes((weight4 >> bit) & mask, 4, bit);
  }
  for (; i < count; ++i)
    for (std::size_t bit = 0; bit < bits; ++bit)
      ones[bit] += samples[i] >> bit & 1U;
}

/// The usual number of bits is known to the compiler, so that its sums stay in registers.
LIGHTSEED_CLONES("avx2")
void count_bytes(const std::uint8_t* samples, std::size_t count, std::size_t bits, std::uint32_t* ones) {
  bits == 8 ? count_ones(samples, count, 8, ones) : count_ones(samples, count, bits, ones);
}
LIGHTSEED_CLONES("avx2")
void count_words(const std::uint16_t* samples, std::size_t count, std::size_t bits, std::uint32_t* ones) {
  count_ones(samples, count, bits, ones);
}

/// A converter's stuck bit. The reading is the largest deviation of a bit's share of ones as a part of the deviation
/// that bit is allowed: its alarm is at 1.
class BitBiasMonitor final : public BlockMonitor {
 public:
  BitBiasMonitor(Settings settings, std::vector<Range> ranges)
      : BlockMonitor(std::move(settings)), ranges_(std::move(ranges)) {}

 protected:
  void add(std::span<const std::uint8_t> samples) override {
    count_bytes(samples.data(), samples.size(), ranges_.size(), ones_.data());
  }
  void add(std::span<const std::uint16_t> samples) override {
    count_words(samples.data(), samples.size(), ranges_.size(), ones_.data());
  }
  double measure() override {
    double worst = 0;
    for (std::size_t bit = 0; bit < ranges_.size(); ++bit) {
      const Range& range = ranges_[bit];
      const double middle = (range.low + range.high) / 2;
      const double share = static_cast<double>(ones_[bit]) / static_cast<double>(monitor_block);
      worst = std::max(worst, std::abs(share - middle) / (range.high - middle));
    }
    ones_.fill(0);
    return worst;
  }
  void forget() override { ones_.fill(0); }

 private:
  std::vector<Range> ranges_;
  std::array<std::uint32_t, most_bits> ones_{};
};

}  // namespace

std::unique_ptr<HealthTest> bit_bias_monitor(const Reference& reference, double alpha_log2) {
  const auto bits = static_cast<std::size_t>(std::bit_width(reference.law.size()) - 1);
  const double a_bit = alpha_log2 - std::log2(static_cast<double>(bits));
  std::vector<Range> ranges;
  for (std::size_t bit = 0; bit < bits; ++bit) {
    double ones = 0;
    for (std::size_t c = 0; c < reference.law.size(); ++c)
      ones += (c >> bit & 1) != 0 ? reference.law[c] : 0;
    ranges.push_back(share_range(reference, ones, a_bit));
  }
  return std::make_unique<BitBiasMonitor>(
      BlockMonitor::Settings{.id = "model-bit-bias",
                             .what = "the bias of a bit, as a part of what is allowed,",
                             .low = 0,
                             .high = 1,
                             .alpha_log2 = alpha_log2},
      std::move(ranges));
}

}  // namespace lightseed::health

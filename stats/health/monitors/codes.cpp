// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <cstdint>
#include <cstring>
#include <vector>

#include "stats/health/block_monitor.h"
#include "stats/health/monitors/monitors.h"

namespace lightseed::health {
namespace {

/// Blocks that are judged together as well: a fault that sets in is in one whole stretch of them within 14 blocks,
/// which are fewer than a million samples.
constexpr std::size_t blocks_of_codes = 7;
/// Codes that come more rarely in a stretch have no limit that a count of nought would pass.
constexpr double least_expected = 20;
/// A measured law knows codes that it saw more often than that; of rarer ones one sample more would look like a fault.
constexpr double least_measured = 200;

/// Limits of a number of the histogram: of a block and of a stretch.
struct CodeLimits {
  Range block, together;

  /// How far a value is from their middle, as a part of what is allowed.
  [[nodiscard]] double part(double value, bool of_block) const {
    const Range& range = of_block ? block : together;
    const double middle = (range.low + range.high) / 2;
    return std::abs(value - middle) / (range.high - middle);
  }
};

/// What a converter does to its codes and no moment shows: a code that never comes, and two bits exchanged.
///
/// Of the histogram two kinds of numbers are made. The share of each code: where one is missing its neighbour has both.
/// And for each bit and the next the mean of ln(p'(code) / p(code)), p' being the law with the two exchanged: of all
/// numbers that are sums over samples, the one that tells best between the two laws (Neyman and Pearson). Both have
/// Chernoff's limits. The reading is the largest deviation as a part of what is allowed, of the block and, every
/// seventh time, of seven blocks together.
class CodesMonitor final : public BlockMonitor {
 public:
  CodesMonitor(Settings settings, const Reference& reference, double alpha_log2)
      : BlockMonitor(std::move(settings)), codes_(reference.law.size()), counts_(tables * codes_), sum_(codes_) {
    const auto bits = static_cast<std::size_t>(std::bit_width(codes_) - 1);
    for (std::size_t c = 0; c < codes_; ++c) {
      const double expected = reference.law[c] * static_cast<double>(monitor_block * blocks_of_codes);
      if (expected >= least_expected) watched_.push_back(c);
    }
    // A sixteenth of the rate is the block's own, as it is the spectrum monitor's.
    const double numbers = std::log2(static_cast<double>(watched_.size() + bits));
    const double of_block = alpha_log2 - numbers - 4, of_all = alpha_log2 - numbers - std::log2(16.0 / 15);
    // Seven blocks leave a range with the seventh power of one block's probability, but for the two sides.
    const double together = 1 - (1 - of_all) / static_cast<double>(blocks_of_codes);
    for (const std::size_t c : watched_) {
      const double p = reference.law[c];
      shares_.push_back({share_range(reference, p, of_block), share_range(reference, p, together)});
    }
    for (std::size_t bit = 0; bit + 1 < bits; ++bit)
      exchange(reference, bit, of_block, together);
  }

 protected:
  void add(std::span<const std::uint8_t> samples) override {
    // Four tables, so that equal codes in a row do not wait for each other.
    std::uint32_t* const table = counts_.data();
    std::size_t i = 0;
    if (codes_ == bytes) {  // every byte is a code, and the compiler knows where the tables are
      // Eight with one load: the processor loads and stores counts as fast as it can.
      for (std::uint64_t eight = 0; i + sizeof eight <= samples.size(); i += sizeof eight) {
        std::memcpy(&eight, samples.data() + i, sizeof eight);
#pragma GCC unroll 8
        for (std::size_t t = 0; t < sizeof eight; ++t)
          ++table[t % tables * bytes + (eight >> (8 * t) & 0xff)];
      }
    }
    for (; i + tables <= samples.size(); i += tables)
      for (std::size_t t = 0; t < tables; ++t)
        ++table[t * codes_ + (samples[i + t] & (codes_ - 1))];
    for (; i < samples.size(); ++i)
      ++table[samples[i] & (codes_ - 1)];
  }
  void add(std::span<const std::uint16_t> samples) override {
    for (const std::uint16_t sample : samples)
      ++counts_[sample & (codes_ - 1)];
  }
  double measure() override {
    for (std::size_t c = 0; c < codes_; ++c) {
      for (std::size_t t = 1; t < tables; ++t)
        counts_[c] += counts_[t * codes_ + c];
      sum_[c] += counts_[c];
    }
    double worst = worst_of(counts_, 1);
    if (++together_ == blocks_of_codes) {
      worst = std::max(worst, worst_of(sum_, blocks_of_codes));
      begin_together();
    }
    std::fill(counts_.begin(), counts_.end(), 0);
    return worst;
  }
  void forget() override {
    std::fill(counts_.begin(), counts_.end(), 0);
    begin_together();
  }

 private:
  static constexpr std::size_t tables = 4, bytes = 256;

  struct Exchange {
    std::vector<double> values;
    CodeLimits limits;
  };

  std::size_t codes_;
  std::vector<std::size_t> watched_;
  std::vector<CodeLimits> shares_;  ///< of the watched codes
  std::vector<Exchange> exchanges_;
  std::vector<std::uint32_t> counts_, sum_;
  std::size_t together_ = 0;

  void begin_together() {
    std::fill(sum_.begin(), sum_.end(), 0);
    together_ = 0;
  }

  void exchange(const Reference& reference, std::size_t bit, double of_block, double together) {
    std::vector<double> values(codes_);
    bool differ = false;
    const double measured = reference.measured_on > 0 ? least_measured * reference.memory / reference.measured_on : 0;
    const double least = std::max(least_expected / static_cast<double>(monitor_block * blocks_of_codes), measured);
    for (std::size_t c = 0; c < codes_; ++c) {
      const std::size_t other = (c >> bit ^ c >> (bit + 1)) & 1 ? c ^ std::size_t{3} << bit : c;
      // Of two codes that are both common; where one is rare, shares tell.
      if (std::min(reference.law[other], reference.law[c]) < least) continue;
      values[c] = std::log(reference.law[other] / reference.law[c]);
      differ = differ || std::abs(values[c]) > 1e-9;
    }
    if (!differ) return;  // two bits that are alike
    const CodeLimits limits{block_range(reference, values, of_block), block_range(reference, values, together)};
    exchanges_.push_back({std::move(values), limits});
  }

  [[nodiscard]] double worst_of(const std::vector<std::uint32_t>& counts, std::size_t blocks) const {
    const auto samples = static_cast<double>(monitor_block * blocks);
    double worst = 0;
    for (std::size_t i = 0; i < watched_.size(); ++i)
      worst = std::max(worst, shares_[i].part(counts[watched_[i]] / samples, blocks == 1));
    for (const Exchange& exchange : exchanges_) {
      double mean = 0;
      for (std::size_t c = 0; c < codes_; ++c)
        mean += counts[c] * exchange.values[c];
      worst = std::max(worst, exchange.limits.part(mean / samples, blocks == 1));
    }
    return worst;
  }
};

}  // namespace

std::unique_ptr<HealthTest> codes_monitor(const Reference& reference, double alpha_log2) {
  if (reference.law.size() < 3) return nullptr;  // the mean of single bits says it all
  return std::make_unique<CodesMonitor>(
      BlockMonitor::Settings{.id = "model-codes",
                             .what = "how far a code's share or two bits' order is off, as a part of what is allowed,",
                             .low = 0,
                             .high = 1,
                             .alpha_log2 = alpha_log2},
      reference, alpha_log2);
}

}  // namespace lightseed::health

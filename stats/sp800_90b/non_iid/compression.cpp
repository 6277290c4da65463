// SPDX-License-Identifier: Apache-2.0
#include "stats/sp800_90b/non_iid/compression.h"

#include <cmath>
#include <vector>

#include "stats/sp800_90b/bisection.h"
#include "stats/sp800_90b/confidence.h"

namespace lightseed::sp800_90b {
namespace {

constexpr unsigned block_bits = 6;     // b of 6.3.4
constexpr std::size_t warm_up = 1000;  // d
constexpr double blocks_possible = 64;
constexpr std::uint64_t most_blocks_if_equal = std::uint64_t{1} << 24;  // of a statement that is computed again

/// log2 of 1, 2, 3, … computed once each, as far as memory is well spent on them.
class Logarithms {
 public:
  double operator()(std::size_t i) {
    if (i >= most_blocks_if_equal) return std::log2(static_cast<double>(i));
    while (known_.size() <= i)
      known_.push_back(std::log2(static_cast<double>(known_.size())));
    return known_[i];
  }

 private:
  std::vector<double> known_;
};

/// G(z) of step 7: the expected statistic's share of a block of probability z.
///
/// The double sum over blocks and distances falls apart into sums over distances i of log2(i) (1-z)^(i-1), each
/// weighted by how many blocks can see that distance. Terms that no longer change the sum are left out.
double expected_share(double probability, std::size_t blocks, Logarithms& log2_of) {
  const long double z = probability;
  const long double b = 1 - z;
  long double power = b;
  long double head = 0;
  for (std::size_t i = 2; i <= warm_up; ++i, power *= b)
    head += log2_of(i) * power;
  const auto tests = static_cast<long double>(blocks - warm_up);
  long double tail = 0;
  long double weighted = tests * head;
  for (std::size_t i = warm_up + 1; i <= blocks; ++i, power *= b) {
    const long double term = log2_of(i) * power;
    const long double weight = static_cast<long double>(blocks - i) * term;
    tail += term;
    weighted += weight;
    if (weight < 1e-24L * z * weighted) break;
  }
  return static_cast<double>(z * (z * weighted + tail) / tests);
}

double compression_mean_bound(std::uint64_t blocks, double mean, double sigma) {
  return mean - static_cast<double>(z_alpha) * sigma / std::sqrt(static_cast<double>(blocks - warm_up));
}

}  // namespace

void CompressionCount::add(const BitString& piece) {
  const std::size_t count = piece.size() / block_bits;
  for (std::size_t i = 0; i < count; ++i) {
    std::uint64_t& seen = last_[piece.window(i * block_bits) & 63];
    const std::uint64_t distance = ++blocks_ - seen;
    seen = blocks_;
    if (blocks_ <= warm_up) continue;
    if (distance < near) {
      ++distances_[distance];
    } else {
      const double log = std::log2(static_cast<double>(distance));
      sum_ += log;
      squares_ += log * log;
    }
  }
}

Compression CompressionCount::result() const {
  Logarithms log2_of;
  long double sum = sum_;
  long double squares = squares_;
  for (std::size_t distance = 1; distance < near; ++distance) {
    if (distances_[distance] == 0) continue;
    const double log = log2_of(distance);
    const auto times = static_cast<long double>(distances_[distance]);
    sum += static_cast<long double>(log) * times;
    squares += static_cast<long double>(log * log) * times;
  }
  const auto tests = static_cast<double>(blocks_ - warm_up);
  const double mean = static_cast<double>(sum / tests);
  return compression_from(blocks_, mean, 0.5907 * std::sqrt(static_cast<double>(squares) / (tests - 1) - mean * mean));
}

Compression compression_from(std::uint64_t blocks, double mean, double sigma) {
  Logarithms log2_of;
  Compression result{.mean = mean, .sigma = sigma, .mean_bound = compression_mean_bound(blocks, mean, sigma)};

  const auto expected = [&](double p) {
    const double others = (1 - p) / (blocks_possible - 1);
    return expected_share(p, blocks, log2_of) + (blocks_possible - 1) * expected_share(others, blocks, log2_of);
  };
  result.p = 1 / blocks_possible;
  if (expected(result.p) > result.mean_bound) {
    result.p = bisect(expected, result.mean_bound, result.p, 1.0);
    result.min_entropy = compression_min_entropy(result.p);
  }
  return result;
}

Compression compression(const BitString& bits) {
  CompressionCount count;
  count.add(bits);
  return count.result();
}

double compression_min_entropy(double p) {
  return min_entropy_of(p) / block_bits;
}

Estimate estimate_of(const Compression& x) {
  return {.id = "compression",
          .min_entropy = x.min_entropy,
          .numbers = {{"mean", x.mean}, {"sigma", x.sigma}, {"mean_bound", x.mean_bound}, {"p", x.p}}};
}

Estimator compression_estimator() {
  return {
      .id = "compression",
      .clause = "6.3.4",
      .looks_for = "blocks of six bits that come back too soon; it is coarse, and 0.90 is usual for perfect bits",
      .least = compression_minimum,
      .bits_only = true,
      .run = [](const ViewedData& data, const Rules&) { return estimate_of(compression(data.bits())); },
      .recompute = [](const Estimate& stated, const ViewShape& shape) -> std::optional<Estimate> {
        const auto mean = stated.number("mean");
        const auto sigma = stated.number("sigma");
        const std::uint64_t blocks = shape.length / block_bits;
        // The mean is one of logarithms of distances from 1 to the number of blocks.
        if (!mean || !sigma || *mean < 0 || *mean > std::log2(static_cast<double>(blocks)) || *sigma < 0 || *sigma > 64)
          return std::nullopt;
        // The sums go on for as long as blocks come back so seldom: whoever states a huge number of blocks, nearly all
        // of them equal, would keep a reader busy for ever.
        if (blocks > most_blocks_if_equal && compression_mean_bound(blocks, *mean, *sigma) < 0.01) return std::nullopt;
        return estimate_of(compression_from(blocks, *mean, *sigma));
      },
      .one_pass = &CountedBits<CompressionCount>::make};
}

}  // namespace lightseed::sp800_90b

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "stats/input/bit_string.h"
#include "stats/sp800_90b/estimator.h"

namespace lightseed::sp800_90b {

using namespace stats;  // what all batteries share: input, bit strings, histograms

/// The shortest input compression takes: 1000 blocks of 6 bits to fill the dictionary, two to test.
inline constexpr std::size_t compression_minimum = 6012;

/// The compression estimate (SP 800-90B 6.3.4), for bits: Maurer's universal statistic on blocks of six.
struct Compression {
  double mean = 0;         ///< X: mean of log2 of the distance to the same block before
  double sigma = 0;        ///< its standard deviation, corrected
  double mean_bound = 0;   ///< X': lower bound of the mean, 99 %
  double p = 0;            ///< probability of the likeliest block; 1/64 where no solution exists
  double min_entropy = 1;  ///< bits per bit
};

/// Collects the distances in a bit string that comes in pieces, each but the last a multiple of six bits long.
class CompressionCount {
 public:
  void add(const BitString& piece);

  /// Of all pieces so far, compression_minimum bits or more.
  [[nodiscard]] Compression result() const;

 private:
  static constexpr std::size_t near = 4096;  ///< distances below it are counted, not summed one by one

  std::uint64_t blocks_ = 0;
  std::array<std::uint64_t, 64> last_{};  ///< one-based, so that a block never seen has its distance from the start
  std::vector<std::uint64_t> distances_ = std::vector<std::uint64_t>(near);
  long double sum_ = 0;  ///< of the logarithms of the others
  long double squares_ = 0;
};

/// At least compression_minimum bits.
Compression compression(const BitString& bits);

/// Bits per bit when the likeliest block of six has probability `p`.
double compression_min_entropy(double p);

/// The same from the statistic of `blocks` blocks.
Compression compression_from(std::uint64_t blocks, double mean, double sigma);

/// Its numbers under the names that records have.
Estimate estimate_of(const Compression& x);
Estimator compression_estimator();

}  // namespace lightseed::sp800_90b

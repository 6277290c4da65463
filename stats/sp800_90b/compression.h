#pragma once

#include <cstddef>

#include "stats/sp800_90b/bit_string.h"

namespace lightseed::sp800_90b {

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

/// At least compression_minimum bits.
Compression compression(const BitString& bits);

}  // namespace lightseed::sp800_90b

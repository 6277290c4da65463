// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <vector>

namespace lightseed::health {

/// The power spectrum of a block of 16 segments of 4,096 real samples.
///
/// A complex transform is of two real segments, x + i y, whose powers add up to (|Z[k]|^2 + |Z[n - k]|^2) / 2; nobody
/// asks for them one by one. It is 64 transforms of 64 numbers, turns, and 64 transforms of 64 again, each in two
/// passes of eight: eight transforms side by side, one a lane of a vector, and all of them in the first-level cache.
class BatchFourier {
 public:
  BatchFourier();

  /// Sums over the segments of |DFT of (Hann window * segment)|^2, at frequencies 0 to 2,048, to `power`. `samples` are
  /// 65,536.
  void powers(const float* samples, float* power);
  /// The same of codes about a centre.
  void powers(const std::uint16_t* codes, float centre, float* power);

  /// The same piece by piece: two segments at a time, which follow each other, and what they add up to.
  void add_pair(const std::uint8_t* codes, float centre);
  void add_pair(const std::uint16_t* codes, float centre);
  /// Ends the sums, and the next pair begins others.
  void finish(float* power);
  /// Begins others at once.
  void clear();

 private:
  std::vector<float> window_;  ///< Hann's, in the order of use
  std::vector<float> sums_;    ///< |Z|^2 over the pairs, in the order of use
  std::vector<float> turns_;   ///< between the transforms of 64: cosines and sines, eight by eight in the order of use
  std::vector<float> inner_;   ///< and within one, between its passes of eight
};

}  // namespace lightseed::health

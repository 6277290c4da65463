// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <vector>

namespace lightseed::health {

/// cos and sin of one, two and three times an angle: what a butterfly of four turns three of its results by.
struct FourierFactors {
  float c1, s1, c2, s2, c3, s3;
};

/// Of all butterflies, in the order of their use: of the two passes over all samples, the two over pieces of 256, and
/// the last two.
struct FourierTables {
  FourierFactors all_first[1024], all_second[256], piece_first[64], piece_second[16], last_first[4], last_second;
};

/// The power spectrum of a block of 16 segments of 4,096 real samples.
///
/// Eight complex transforms run side by side, one a lane of a vector: the same butterflies on eight numbers at a time,
/// without a shuffle. Each transforms two real segments, x + i y, whose powers add up to (|Z[k]|^2 + |Z[n - k]|^2) / 2;
/// nobody asks for them one by one. Radix 4, decimation in frequency: six passes, after which frequencies stand in the
/// order of reversed digits.
class BatchFourier {
 public:
  BatchFourier();

  /// Sums over the segments of |DFT of (Hann window * segment)|^2, at frequencies 0 to 2,048, to `power`. `samples` are
  /// 65,536.
  void powers(const float* samples, float* power);
  /// The same of codes about a centre.
  void powers(const std::uint16_t* codes, float centre, float* power);

 private:
  std::vector<float> lanes_;   ///< real parts, then imaginary ones: [sample][lane]
  std::vector<float> sums_;    ///< |Z|^2 over the lanes, in the order of reversed digits
  std::vector<float> window_;  ///< Hann's
  FourierTables tables_;
  std::vector<std::uint16_t> place_;  ///< where frequency k stands

  void finish(float* power);
};

}  // namespace lightseed::health

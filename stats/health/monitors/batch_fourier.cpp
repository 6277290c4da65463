// SPDX-License-Identifier: Apache-2.0
#include "stats/health/monitors/batch_fourier.h"

#include <cmath>
#include <cstddef>
#include <cstring>
#include <numbers>

#include "core/clones.h"
#include "stats/health/reference.h"

namespace lightseed::health {
namespace {

constexpr std::size_t length = monitor_segment;
constexpr std::size_t lanes = 8;
constexpr unsigned digits = 6;  // 4^6 = 4096

/// Where sample n of all lanes stands. Butterflies take samples that are large powers of two apart, which would all
/// compete for the same few lines of the cache: after 256 samples a line is left out, and the imaginary parts begin
/// eight lines off.
constexpr std::size_t piece = 256, line = 16;
constexpr std::size_t at(std::size_t n) {
  return n * lanes + n / piece * line;
}
constexpr std::size_t imaginary = at(length) + 8 * line;

/// The eight lanes, as one number of the compiler's.
using Lanes = float __attribute__((vector_size(32)));
static_assert(sizeof(Lanes) == lanes * sizeof(float));

/// Windows the samples into the lanes: lane l has segment 2 l as its real part and segment 2 l + 1 as its imaginary
/// one. Eight samples of eight segments are a square that is turned.
LIGHTSEED_CLONES("fma")
void deal(const float* __restrict samples, const float* __restrict window, float* __restrict out) {
  for (std::size_t begin = 0; begin < length; begin += lanes) {
    Lanes factor;
    std::memcpy(&factor, window + begin, sizeof factor);
    Lanes row[lanes];
#pragma GCC unroll 8
    for (std::size_t lane = 0; lane < lanes; ++lane) {
      std::memcpy(&row[lane], samples + 2 * lane * length + begin, sizeof(Lanes));
      row[lane] *= factor;
    }
    Lanes pairs[lanes], fours[lanes];
#pragma GCC unroll 8
    for (std::size_t i = 0; i < lanes; i += 2) {
      pairs[i] = __builtin_shufflevector(row[i], row[i + 1], 0, 8, 1, 9, 4, 12, 5, 13);
      pairs[i + 1] = __builtin_shufflevector(row[i], row[i + 1], 2, 10, 3, 11, 6, 14, 7, 15);
    }
#pragma GCC unroll 8
    for (std::size_t i = 0; i < lanes; i += 4) {
#pragma GCC unroll 8
      for (std::size_t j = 0; j < 2; ++j) {
        fours[i + 2 * j] = __builtin_shufflevector(pairs[i + j], pairs[i + j + 2], 0, 1, 8, 9, 4, 5, 12, 13);
        fours[i + 2 * j + 1] = __builtin_shufflevector(pairs[i + j], pairs[i + j + 2], 2, 3, 10, 11, 6, 7, 14, 15);
      }
    }
#pragma GCC unroll 8
    for (std::size_t i = 0; i < 4; ++i) {
      const Lanes low = __builtin_shufflevector(fours[i], fours[i + 4], 0, 1, 2, 3, 8, 9, 10, 11);
      const Lanes high = __builtin_shufflevector(fours[i], fours[i + 4], 4, 5, 6, 7, 12, 13, 14, 15);
      std::memcpy(out + at(begin + i), &low, sizeof low);
      std::memcpy(out + at(begin + i + 4), &high, sizeof high);
    }
  }
}

/// One pass over the sub-transforms of `size` samples among those from `first` to `last`: butterflies of four samples
/// that are size / 4 apart.
LIGHTSEED_CLONES("fma")
void pass(float* z, std::size_t first, std::size_t last, std::size_t size, const float* cosines, const float* sines) {
  const std::size_t quarter = size / 4;
  const std::size_t stride = length / size;
  for (std::size_t begin = first; begin < last; begin += size) {
    for (std::size_t k = 0; k < quarter; ++k) {
      const std::size_t w = k * stride;
      const float c1 = cosines[w], s1 = sines[w];
      const float c2 = cosines[2 * w], s2 = sines[2 * w];
      const float c3 = cosines[3 * w], s3 = sines[3 * w];
      Lanes r[4], i[4];
#pragma GCC unroll 8
      for (std::size_t j = 0; j < 4; ++j) {
        std::memcpy(&r[j], z + at(begin + k + j * quarter), sizeof(Lanes));
        std::memcpy(&i[j], z + imaginary + at(begin + k + j * quarter), sizeof(Lanes));
      }
      const Lanes ar = r[0] + r[2], ai = i[0] + i[2];
      const Lanes br = r[0] - r[2], bi = i[0] - i[2];
      const Lanes cr = r[1] + r[3], ci = i[1] + i[3];
      const Lanes dr = i[1] - i[3], di = r[3] - r[1];  // -i (x1 - x3)
      const Lanes er = br + dr, ei = bi + di;
      const Lanes fr = ar - cr, fi = ai - ci;
      const Lanes gr = br - dr, gi = bi - di;
      r[0] = ar + cr;
      i[0] = ai + ci;
      r[1] = er * c1 + ei * s1;
      i[1] = ei * c1 - er * s1;
      r[2] = fr * c2 + fi * s2;
      i[2] = fi * c2 - fr * s2;
      r[3] = gr * c3 + gi * s3;
      i[3] = gi * c3 - gr * s3;
#pragma GCC unroll 8
      for (std::size_t j = 0; j < 4; ++j) {
        std::memcpy(z + at(begin + k + j * quarter), &r[j], sizeof(Lanes));
        std::memcpy(z + imaginary + at(begin + k + j * quarter), &i[j], sizeof(Lanes));
      }
    }
  }
}

/// |Z|^2 summed over the lanes, at the place where it stands.
LIGHTSEED_CLONES("fma") void squares(const float* z, float* __restrict out) {
  for (std::size_t n = 0; n < length; ++n) {
    Lanes r, i;
    std::memcpy(&r, z + at(n), sizeof r);
    std::memcpy(&i, z + imaginary + at(n), sizeof i);
    const Lanes all = r * r + i * i;
    out[n] = ((all[0] + all[4]) + (all[1] + all[5])) + ((all[2] + all[6]) + (all[3] + all[7]));
  }
}

}  // namespace

BatchFourier::BatchFourier()
    : lanes_(imaginary + at(length)), sums_(length), window_(length), cos_(length), sin_(length), place_(length) {
  for (std::size_t k = 0; k < length; ++k) {
    const double turn = 2 * std::numbers::pi * static_cast<double>(k) / static_cast<double>(length);
    window_[k] = static_cast<float>(0.5 - 0.5 * std::cos(turn));
    cos_[k] = static_cast<float>(std::cos(turn));
    sin_[k] = static_cast<float>(std::sin(turn));
    std::size_t reversed = 0;
    for (unsigned digit = 0; digit < digits; ++digit)
      reversed = reversed << 2 | (k >> (2 * digit) & 3);
    place_[k] = static_cast<std::uint16_t>(reversed);
  }
}

void BatchFourier::powers(const float* samples, float* power) {
  float* const z = lanes_.data();
  deal(samples, window_.data(), z);
  deal(samples + length, window_.data(), z + imaginary);
  // Two passes over all; what is left falls into pieces that stay in the first-level cache.
  pass(z, 0, length, length, cos_.data(), sin_.data());
  pass(z, 0, length, length / 4, cos_.data(), sin_.data());
  for (std::size_t begin = 0; begin < length; begin += piece) {
    for (std::size_t size = piece; size >= 4; size /= 4)
      pass(z, begin, begin + piece, size, cos_.data(), sin_.data());
  }
  squares(z, sums_.data());
  for (std::size_t k = 0; k <= length / 2; ++k)
    power[k] = (sums_[place_[k]] + sums_[place_[(length - k) % length]]) / 2;
}

}  // namespace lightseed::health

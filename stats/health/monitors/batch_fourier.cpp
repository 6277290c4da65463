// SPDX-License-Identifier: Apache-2.0
#include "stats/health/monitors/batch_fourier.h"

#include <cmath>
#include <cstddef>
#include <cstdint>
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

using Codes = std::uint16_t __attribute__((vector_size(16)));

#define LIGHTSEED_ALWAYS_INLINE inline __attribute__((always_inline))

/// Eight samples of eight segments are a square: it is turned, so that row n has sample n of all segments.
LIGHTSEED_ALWAYS_INLINE void turn(Lanes* row) {
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
    row[i] = __builtin_shufflevector(fours[i], fours[i + 4], 0, 1, 2, 3, 8, 9, 10, 11);
    row[i + 4] = __builtin_shufflevector(fours[i], fours[i + 4], 4, 5, 6, 7, 12, 13, 14, 15);
  }
}

/// Eight samples from `from` on, about `centre`.
LIGHTSEED_ALWAYS_INLINE void load(Lanes& eight, const float* from, float) {
  std::memcpy(&eight, from, sizeof eight);
}
LIGHTSEED_ALWAYS_INLINE void load(Lanes& eight, const std::uint16_t* from, float centre) {
  using Integers = std::int32_t __attribute__((vector_size(32)));
  Codes codes;
  std::memcpy(&codes, from, sizeof codes);
  eight = __builtin_convertvector(__builtin_convertvector(codes, Integers), Lanes) - centre;
}

/// The eight samples from `begin` on of eight segments, windowed and turned.
template <typename Sample>
LIGHTSEED_ALWAYS_INLINE void deal(const Sample* samples, std::size_t begin, float centre, const float* window,
                                  Lanes* row) {
  Lanes factor;
  std::memcpy(&factor, window + begin, sizeof factor);
#pragma GCC unroll 8
  for (std::size_t lane = 0; lane < lanes; ++lane) {
    load(row[lane], samples + 2 * lane * length + begin, centre);
    row[lane] *= factor;
  }
  turn(row);
}

LIGHTSEED_ALWAYS_INLINE void butterfly(Lanes& r0, Lanes& i0, Lanes& r1, Lanes& i1, Lanes& r2, Lanes& i2, Lanes& r3,
                                       Lanes& i3, const FourierFactors& w) {
  const Lanes ar = r0 + r2, ai = i0 + i2;
  const Lanes br = r0 - r2, bi = i0 - i2;
  const Lanes cr = r1 + r3, ci = i1 + i3;
  const Lanes dr = i1 - i3, di = r3 - r1;  // -i (x1 - x3)
  const Lanes er = br + dr, ei = bi + di;
  const Lanes fr = ar - cr, fi = ai - ci;
  const Lanes gr = br - dr, gi = bi - di;
  r0 = ar + cr;
  i0 = ai + ci;
  r1 = er * w.c1 + ei * w.s1;
  i1 = ei * w.c1 - er * w.s1;
  r2 = fr * w.c2 + fi * w.s2;
  i2 = fi * w.c2 - fr * w.s2;
  r3 = gr * w.c3 + gi * w.s3;
  i3 = gi * w.c3 - gr * w.s3;
}

/// Two passes at once: butterflies of four samples that are a quarter of a transform apart, and of those that are a
/// sixteenth apart. Sixteen samples are all that both need, so that the lanes go through the caches half as often.
/// `first` are the factors of the first pass for the place of sample 0 and, `next` further on each, of the three after
/// it.
LIGHTSEED_ALWAYS_INLINE void two_passes(Lanes* r, Lanes* i, const FourierFactors* first, std::size_t next,
                                        const FourierFactors& second) {
#pragma GCC unroll 4
  for (std::size_t m = 0; m < 4; ++m) {
    butterfly(r[m], i[m], r[m + 4], i[m + 4], r[m + 8], i[m + 8], r[m + 12], i[m + 12], first[m * next]);
  }
#pragma GCC unroll 4
  for (std::size_t m = 0; m < 16; m += 4)
    butterfly(r[m], i[m], r[m + 1], i[m + 1], r[m + 2], i[m + 2], r[m + 3], i[m + 3], second);
}

/// The sums of the lanes of eight numbers each: halves are added, and pairs, and pairs.
LIGHTSEED_ALWAYS_INLINE void add_lanes(const Lanes* a, Lanes& sums) {
  Lanes halves[4];
#pragma GCC unroll 4
  for (std::size_t i = 0; i < 4; ++i) {
    halves[i] = __builtin_shufflevector(a[2 * i], a[2 * i + 1], 0, 1, 2, 3, 8, 9, 10, 11) +
                __builtin_shufflevector(a[2 * i], a[2 * i + 1], 4, 5, 6, 7, 12, 13, 14, 15);
  }
  const auto pairs = [](Lanes& out, const Lanes& x, const Lanes& y) {
    out = __builtin_shufflevector(x, y, 0, 2, 8, 10, 4, 6, 12, 14) +
          __builtin_shufflevector(x, y, 1, 3, 9, 11, 5, 7, 13, 15);
  };
  Lanes low, high, all;
  pairs(low, halves[0], halves[1]);
  pairs(high, halves[2], halves[3]);
  pairs(all, low, high);  // of numbers 0, 2, 4, 6 and 1, 3, 5, 7
  sums = __builtin_shufflevector(all, all, 0, 4, 1, 5, 2, 6, 3, 7);
}

/// The first two passes over all, of samples as they are dealt: sixteen squares at a time, which stay in the
/// first-level cache. Lane l has segment 2 l as its real part and segment 2 l + 1 as its imaginary one.
template <typename Sample>
LIGHTSEED_ALWAYS_INLINE void begin_any(const Sample* samples, float centre, const float* window,
                                       const FourierTables& tables, float* __restrict z) {
  for (std::size_t begin = 0; begin < piece; begin += lanes) {
    Lanes real[16][lanes], imag[16][lanes];
    for (std::size_t j = 0; j < 16; ++j) {
      deal(samples, begin + j * piece, centre, window, real[j]);
      deal(samples + length, begin + j * piece, centre, window, imag[j]);
    }
    for (std::size_t k = 0; k < lanes; ++k) {
      Lanes r[16], i[16];
#pragma GCC unroll 16
      for (std::size_t j = 0; j < 16; ++j) {
        r[j] = real[j][k];
        i[j] = imag[j][k];
      }
      two_passes(r, i, &tables.all_first[begin + k], piece, tables.all_second[begin + k]);
#pragma GCC unroll 16
      for (std::size_t j = 0; j < 16; ++j) {
        std::memcpy(z + at(begin + k + j * piece), &r[j], sizeof(Lanes));
        std::memcpy(z + imaginary + at(begin + k + j * piece), &i[j], sizeof(Lanes));
      }
    }
  }
}
LIGHTSEED_CLONES("arch=x86-64-v3")
void begin_passes(const float* samples, float, const float* window, const FourierTables& tables, float* z) {
  begin_any(samples, 0, window, tables, z);
}
LIGHTSEED_CLONES("arch=x86-64-v3")
void begin_passes(const std::uint16_t* samples, float centre, const float* window, const FourierTables& tables,
                  float* z) {
  begin_any(samples, centre, window, tables, z);
}

/// The other four passes, of pieces that stay in the first-level cache, and |Z|^2 summed over the lanes, at the place
/// where it stands.
LIGHTSEED_CLONES("arch=x86-64-v3")
void end_passes(const float* __restrict z, const FourierTables& tables, float* __restrict out) {
  Lanes real[piece], imag[piece];
  for (std::size_t begin = 0; begin < length; begin += piece) {
    for (std::size_t k = 0; k < 16; ++k) {
      Lanes r[16], i[16];
#pragma GCC unroll 16
      for (std::size_t j = 0; j < 16; ++j) {
        std::memcpy(&r[j], z + at(begin + k + j * 16), sizeof(Lanes));
        std::memcpy(&i[j], z + imaginary + at(begin + k + j * 16), sizeof(Lanes));
      }
      two_passes(r, i, &tables.piece_first[k], 16, tables.piece_second[k]);
#pragma GCC unroll 16
      for (std::size_t j = 0; j < 16; ++j) {
        real[k + j * 16] = r[j];
        imag[k + j * 16] = i[j];
      }
    }
    for (std::size_t first = 0; first < piece; first += 16) {
      Lanes r[16], i[16];
#pragma GCC unroll 16
      for (std::size_t j = 0; j < 16; ++j) {
        r[j] = real[first + j];
        i[j] = imag[first + j];
      }
      two_passes(r, i, tables.last_first, 1, tables.last_second);
#pragma GCC unroll 16
      for (std::size_t j = 0; j < 16; ++j)
        r[j] = r[j] * r[j] + i[j] * i[j];
      for (std::size_t half = 0; half < 16; half += lanes) {
        Lanes sums;
        add_lanes(r + half, sums);
        std::memcpy(out + begin + first + half, &sums, sizeof sums);
      }
    }
  }
}

}  // namespace

BatchFourier::BatchFourier() : lanes_(imaginary + at(length)), sums_(length), window_(length), place_(length) {
  const auto turn_of = [](std::size_t k) {
    return 2 * std::numbers::pi * static_cast<double>(k) / static_cast<double>(length);
  };
  const auto factors = [&](FourierFactors* out, std::size_t count, std::size_t stride) {
    for (std::size_t k = 0; k < count; ++k) {
      const auto cosine = [&](std::size_t times) { return static_cast<float>(std::cos(turn_of(times * k * stride))); };
      const auto sine = [&](std::size_t times) { return static_cast<float>(std::sin(turn_of(times * k * stride))); };
      out[k] = {cosine(1), sine(1), cosine(2), sine(2), cosine(3), sine(3)};
    }
  };
  factors(tables_.all_first, std::size(tables_.all_first), 1);
  factors(tables_.all_second, std::size(tables_.all_second), 4);
  factors(tables_.piece_first, std::size(tables_.piece_first), 16);
  factors(tables_.piece_second, std::size(tables_.piece_second), 64);
  factors(tables_.last_first, std::size(tables_.last_first), 256);
  factors(&tables_.last_second, 1, 1024);
  for (std::size_t k = 0; k < length; ++k) {
    window_[k] = static_cast<float>(0.5 - 0.5 * std::cos(turn_of(k)));
    std::size_t reversed = 0;
    for (unsigned digit = 0; digit < digits; ++digit)
      reversed = reversed << 2 | (k >> (2 * digit) & 3);
    place_[k] = static_cast<std::uint16_t>(reversed);
  }
}

void BatchFourier::finish(float* power) {
  end_passes(lanes_.data(), tables_, sums_.data());
  for (std::size_t k = 0; k <= length / 2; ++k)
    power[k] = (sums_[place_[k]] + sums_[place_[(length - k) % length]]) / 2;
}

void BatchFourier::powers(const float* samples, float* power) {
  begin_passes(samples, 0, window_.data(), tables_, lanes_.data());
  finish(power);
}

void BatchFourier::powers(const std::uint16_t* codes, float centre, float* power) {
  begin_passes(codes, centre, window_.data(), tables_, lanes_.data());
  finish(power);
}

}  // namespace lightseed::health

// SPDX-License-Identifier: Apache-2.0
#include "stats/health/monitors/batch_fourier.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <numbers>
#include <type_traits>

#include "core/clones.h"
#include "stats/health/reference.h"

namespace lightseed::health {
namespace {

constexpr std::size_t length = monitor_segment;
constexpr std::size_t side = 64, lanes = 8;
constexpr std::size_t groups = side / lanes;
/// Column c of 64 is in a lane of a group: the even ones of sixteen are one group, the odd ones the next.
constexpr std::size_t column(std::size_t group, std::size_t lane) {
  return group / 2 * 2 * lanes + 2 * lane + group % 2;
}
static_assert(length == side * side && side == lanes * lanes);
/// A transform of 64 takes numbers in the order 0, 8, 16 … 56, 1, 9 …, and its results come in that order too. All that
/// is streamed lies in the order of its use.
constexpr std::size_t place(std::size_t i) {
  return i % lanes * lanes + i / lanes;
}

/// The eight lanes, as one number of the compiler's.
using Lanes = float __attribute__((vector_size(32)));
static_assert(sizeof(Lanes) == lanes * sizeof(float));

/// Eight rows of eight numbers are a square: it is turned, so that lanes are rows and rows are lanes.
LIGHTSEED_INLINE void turn(Lanes* row) {
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

/// Of sixteen samples from `from` on, about `centre`, the even or the odd ones: of codes two are a lane of 32 bits, and
/// neither has to be moved.
template <bool odd>
LIGHTSEED_INLINE void load(Lanes& eight, const std::uint16_t* from, float centre) {
  using Pairs = std::uint32_t __attribute__((vector_size(32)));
  using Integers = std::int32_t __attribute__((vector_size(32)));
  constexpr std::uint32_t first = std::endian::native == std::endian::little ? 0 : 1;
  Pairs pairs;
  std::memcpy(&pairs, from, sizeof pairs);
  pairs = (odd ? 1U : 0U) == first ? pairs & 0xffff : pairs >> 16;
  eight = __builtin_convertvector(reinterpret_cast<Integers>(pairs), Lanes) - centre;
}
template <bool odd>
LIGHTSEED_INLINE void load(Lanes& eight, const float* from, float) {
  Lanes low, high;
  std::memcpy(&low, from, sizeof low);
  std::memcpy(&high, from + lanes, sizeof high);
  eight = odd ? __builtin_shufflevector(low, high, 1, 3, 5, 7, 9, 11, 13, 15)
              : __builtin_shufflevector(low, high, 0, 2, 4, 6, 8, 10, 12, 14);
}

/// A complex number a lane.
struct Complex {
  Lanes re, im;
};

/// By exp(-i angle): of all lanes, or one a lane.
template <typename Factor>
LIGHTSEED_INLINE void multiply(Complex& x, const Factor& cosine, const Factor& sine) {
  const Lanes re = x.re;
  x.re = re * cosine + x.im * sine;
  x.im = x.im * cosine - re * sine;
}

/// x[k] = sum of x[j] exp(-2 pi i j k / 8).
LIGHTSEED_INLINE void eight_point(Complex* x) {
  constexpr float half = std::numbers::sqrt2_v<float> / 2;
  const Lanes a0r = x[0].re + x[4].re, a0i = x[0].im + x[4].im, a1r = x[0].re - x[4].re, a1i = x[0].im - x[4].im;
  const Lanes a2r = x[2].re + x[6].re, a2i = x[2].im + x[6].im, a3r = x[2].re - x[6].re, a3i = x[2].im - x[6].im;
  const Lanes a4r = x[1].re + x[5].re, a4i = x[1].im + x[5].im, a5r = x[1].re - x[5].re, a5i = x[1].im - x[5].im;
  const Lanes a6r = x[3].re + x[7].re, a6i = x[3].im + x[7].im, a7r = x[3].re - x[7].re, a7i = x[3].im - x[7].im;
  const Lanes b0r = a0r + a2r, b0i = a0i + a2i, b1r = a0r - a2r, b1i = a0i - a2i;
  const Lanes b4r = a4r + a6r, b4i = a4i + a6i, b5r = a4r - a6r, b5i = a4i - a6i;
  x[0].re = b0r + b4r;
  x[0].im = b0i + b4i;
  x[4].re = b0r - b4r;
  x[4].im = b0i - b4i;
  x[2].re = b1r + b5i;
  x[2].im = b1i - b5r;
  x[6].re = b1r - b5i;
  x[6].im = b1i + b5r;
  const Lanes b2r = a1r + a3i, b2i = a1i - a3r, b3r = a1r - a3i, b3i = a1i + a3r;
  const Lanes b6r = a5r + a7i, b6i = a5i - a7r, b7r = a5r - a7i, b7i = a5i + a7r;
  const Lanes c6r = b6r + b6i, c6i = b6i - b6r, c7r = b7i - b7r, c7i = b7i + b7r;
  x[1].re = b2r + half * c6r;
  x[1].im = b2i + half * c6i;
  x[5].re = b2r - half * c6r;
  x[5].im = b2i - half * c6i;
  x[3].re = b3r + half * c7r;
  x[3].im = b3i - half * c7i;
  x[7].re = b3r - half * c7r;
  x[7].im = b3i + half * c7i;
}

/// A transform of 64 numbers in two passes of eight. `get(i, x)` hands out the number in place i, `put(i, x)` takes the
/// result of place i.
template <typename Get, typename Put>
LIGHTSEED_INLINE void transform_64(const float* __restrict inner, const Get& get, const Put& put) {
  Complex between[lanes][lanes];
  for (std::size_t m = 0; m < lanes; ++m) {
    Complex x[lanes];
#pragma GCC unroll 8
    for (std::size_t c = 0; c < lanes; ++c)
      get(lanes * m + c, x[c]);
    eight_point(x);
    between[0][m] = x[0];
#pragma GCC unroll 8
    for (std::size_t a = 1; a < lanes; ++a) {
      const float* const turn = inner + 2 * (lanes * m + a);
      multiply(x[a], turn[0], turn[1]);
      between[a][m] = x[a];
    }
  }
  for (std::size_t a = 0; a < lanes; ++a) {
    Complex x[lanes];
#pragma GCC unroll 8
    for (std::size_t m = 0; m < lanes; ++m)
      x[m] = between[a][m];
    eight_point(x);
#pragma GCC unroll 8
    for (std::size_t b = 0; b < lanes; ++b)
      put(lanes * a + b, x[b]);
  }
}

struct Tables {
  const float* window;
  const float* turns;
  const float* inner;
};

/// Adds |Z|^2 of the transform of samples[n] + i samples[length + n] to `sums`.
///
/// n = 64 r + c, k = s + 64 t: over the rows r first, of eight columns c at a time; then, each turned by its c s 64ths
/// of a 64th, over the columns, of eight s at a time.
template <typename Dealt, typename Sample>
LIGHTSEED_INLINE void add_any(const Sample* __restrict samples, float centre, const Tables& tables,
                              float* __restrict sums) {
  constexpr std::size_t two = 2 * lanes;
  Dealt dealt[2][groups / 2][side][two];
  for (std::size_t r = 0; r < side; ++r) {
    for (std::size_t p = 0; p < groups / 2; ++p) {
      std::copy_n(samples + side * r + two * p, two, dealt[0][p][place(r)]);
      std::copy_n(samples + length + side * r + two * p, two, dealt[1][p][place(r)]);
    }
  }
  // By groups of columns, then s. Groups that were 4,096 bytes apart would compete for the same lines of the cache.
  struct Group {
    Complex of[side];
    float gap[16];
  };
  Group middle[groups];
  const auto over_rows = [&](std::size_t q, auto odd) __attribute__((always_inline)) {
    const float* const window = tables.window + lanes * side * q;
    const float* const turns = tables.turns + 2 * lanes * side * q;
    transform_64(
        tables.inner,
        [&](std::size_t r, Complex& x) {
          Lanes factor;
          std::memcpy(&factor, window + lanes * r, sizeof factor);
          load<odd()>(x.re, dealt[0][q / 2][r], centre);
          load<odd()>(x.im, dealt[1][q / 2][r], centre);
          x.re *= factor;
          x.im *= factor;
        },
        [&](std::size_t s, Complex& x) {
          Lanes cosine, sine;
          std::memcpy(&cosine, turns + 2 * lanes * s, sizeof cosine);
          std::memcpy(&sine, turns + 2 * lanes * s + lanes, sizeof sine);
          multiply(x, cosine, sine);
          middle[q].of[s] = x;
        });
  };
  for (std::size_t q = 0; q < groups; q += 2) {
    over_rows(q, std::false_type{});
    over_rows(q + 1, std::true_type{});
  }
  for (std::size_t g = 0; g < groups; ++g) {
    Complex columns[side];
    for (std::size_t q = 0; q < groups; ++q) {
      Complex* const first = columns + place(column(q, 0));
      Lanes re[lanes], im[lanes];
#pragma GCC unroll 8
      for (std::size_t l = 0; l < lanes; ++l)
        re[l] = middle[q].of[lanes * g + l].re;
      turn(re);
#pragma GCC unroll 8
      for (std::size_t l = 0; l < lanes; ++l)
        first[place(column(0, l))].re = re[l];
#pragma GCC unroll 8
      for (std::size_t l = 0; l < lanes; ++l)
        im[l] = middle[q].of[lanes * g + l].im;
      turn(im);
#pragma GCC unroll 8
      for (std::size_t l = 0; l < lanes; ++l)
        first[place(column(0, l))].im = im[l];
    }
    transform_64(
        tables.inner, [&](std::size_t c, Complex& x) { x = columns[c]; },
        [&](std::size_t t, const Complex& x) {
          float* const sum = sums + lanes * (side * g + t);
          Lanes all;
          std::memcpy(&all, sum, sizeof all);
          all += x.re * x.re + x.im * x.im;
          std::memcpy(sum, &all, sizeof all);
        });
  }
}
LIGHTSEED_WIDE
void add_powers(const float* samples, float, const Tables& tables, float* sums) {
  add_any<float>(samples, 0, tables, sums);
}
LIGHTSEED_WIDE
void add_powers(const std::uint8_t* samples, float centre, const Tables& tables, float* sums) {
  add_any<std::uint16_t>(samples, centre, tables, sums);
}
LIGHTSEED_WIDE
void add_powers(const std::uint16_t* samples, float centre, const Tables& tables, float* sums) {
  add_any<std::uint16_t>(samples, centre, tables, sums);
}

/// Frequencies k and n - k belong together. Lane l of group g is of k = g + 8 l + 64 t.
LIGHTSEED_WIDE
void fold(const float* __restrict sums, float* __restrict power) {
  float all[length];
  for (std::size_t t = 0; t < side; ++t) {
    Lanes row[lanes];
#pragma GCC unroll 8
    for (std::size_t g = 0; g < groups; ++g)
      std::memcpy(&row[g], sums + lanes * (side * g + place(t)), sizeof(Lanes));
    turn(row);
    std::memcpy(all + side * t, row, sizeof row);
  }
  power[0] = all[0];
  for (std::size_t k = 1; k <= length / 2; ++k)
    power[k] = (all[k] + all[length - k]) / 2;
}

}  // namespace

BatchFourier::BatchFourier() : window_(length), sums_(length), turns_(2 * length), inner_(2 * side) {
  const auto cosine = [](std::size_t k) {
    return std::cos(2 * std::numbers::pi * static_cast<double>(k % length) / static_cast<double>(length));
  };
  const auto sine = [](std::size_t k) {
    return std::sin(2 * std::numbers::pi * static_cast<double>(k % length) / static_cast<double>(length));
  };
  for (std::size_t q = 0; q < groups; ++q) {
    for (std::size_t l = 0; l < lanes; ++l) {
      const std::size_t c = column(q, l);
      for (std::size_t r = 0; r < side; ++r)
        window_[lanes * (side * q + place(r)) + l] = static_cast<float>(0.5 - 0.5 * cosine(side * r + c));
      for (std::size_t s = 0; s < side; ++s) {
        float* const turn = &turns_[2 * lanes * (side * q + place(s)) + l];
        turn[0] = static_cast<float>(cosine(c * s));
        turn[lanes] = static_cast<float>(sine(c * s));
      }
    }
  }
  for (std::size_t m = 0; m < lanes; ++m) {
    for (std::size_t a = 0; a < lanes; ++a) {
      inner_[2 * (lanes * m + a)] = static_cast<float>(cosine(side * m * a));
      inner_[2 * (lanes * m + a) + 1] = static_cast<float>(sine(side * m * a));
    }
  }
}

void BatchFourier::clear() {
  std::fill(sums_.begin(), sums_.end(), 0.0F);
}

void BatchFourier::finish(float* power) {
  fold(sums_.data(), power);
  clear();
}

void BatchFourier::add_pair(const std::uint8_t* codes, float centre) {
  add_powers(codes, centre, {window_.data(), turns_.data(), inner_.data()}, sums_.data());
}

void BatchFourier::add_pair(const std::uint16_t* codes, float centre) {
  add_powers(codes, centre, {window_.data(), turns_.data(), inner_.data()}, sums_.data());
}

void BatchFourier::powers(const float* samples, float* power) {
  clear();
  for (std::size_t at = 0; at < monitor_block; at += 2 * length)
    add_powers(samples + at, 0, {window_.data(), turns_.data(), inner_.data()}, sums_.data());
  finish(power);
}

void BatchFourier::powers(const std::uint16_t* codes, float centre, float* power) {
  clear();
  for (std::size_t at = 0; at < monitor_block; at += 2 * length)
    add_pair(codes + at, centre);
  finish(power);
}

}  // namespace lightseed::health

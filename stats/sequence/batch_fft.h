// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <vector>

#include "stats/sequence/clones.h"

namespace lightseed::stats {

/// Eight transforms side by side: lane k of every element belongs to transform k. Loops run over the lanes innermost,
/// which the compiler turns into vector instructions, for each processor of LIGHTSEED_WIDE its own.
inline constexpr std::size_t fft_lanes = 8;

struct alignas(64) Complexes {
  double re[fft_lanes];
  double im[fft_lanes];
};

struct Complex {
  double re = 0;
  double im = 0;
};

/// Plan of a transform whose length has no prime factor above 5: Stockham's self-sorting form, in stages of 2, 3, 4, 5.
struct BatchFft {
  struct Stage {
    std::size_t radix;
    std::size_t sub;               ///< product of the radices before
    std::vector<Complex> factors;  ///< (radix - 1) for each place in `sub`
  };
  std::size_t length;
  std::vector<Stage> stages;

  explicit BatchFft(std::size_t n);
};

/// Whether a length is a product of 2, 3 and 5.
bool is_smooth(std::size_t n) noexcept;

/// exp(-2 pi i k / n).
Complex root_of_unity(std::size_t k, std::size_t n);

namespace fft {

LIGHTSEED_INLINE Complex plus(const Complex& a, const Complex& b) {
  return {a.re + b.re, a.im + b.im};
}
LIGHTSEED_INLINE Complex minus(const Complex& a, const Complex& b) {
  return {a.re - b.re, a.im - b.im};
}
LIGHTSEED_INLINE Complex times(const Complex& a, const Complex& w) {
  return {a.re * w.re - a.im * w.im, a.re * w.im + a.im * w.re};
}
/// -i a.
LIGHTSEED_INLINE Complex turned(const Complex& a) {
  return {a.im, -a.re};
}

LIGHTSEED_INLINE void butterfly_2(Complex* x) {
  const Complex a = x[0];
  x[0] = plus(a, x[1]);
  x[1] = minus(a, x[1]);
}

LIGHTSEED_INLINE void butterfly_3(Complex* x) {
  constexpr double sine = 0.86602540378443864676;
  const Complex sum = plus(x[1], x[2]);
  const Complex difference = turned(minus(x[1], x[2]));
  const Complex middle{x[0].re - 0.5 * sum.re, x[0].im - 0.5 * sum.im};
  const Complex side{sine * difference.re, sine * difference.im};
  x[0] = plus(x[0], sum);
  x[1] = plus(middle, side);
  x[2] = minus(middle, side);
}

LIGHTSEED_INLINE void butterfly_4(Complex* x) {
  const Complex a = plus(x[0], x[2]);
  const Complex b = minus(x[0], x[2]);
  const Complex c = plus(x[1], x[3]);
  const Complex d = turned(minus(x[1], x[3]));
  x[0] = plus(a, c);
  x[1] = plus(b, d);
  x[2] = minus(a, c);
  x[3] = minus(b, d);
}

LIGHTSEED_INLINE void butterfly_5(Complex* x) {
  constexpr double c1 = 0.30901699437494742410;
  constexpr double c2 = -0.80901699437494742410;
  constexpr double s1 = 0.95105651629515357212;
  constexpr double s2 = 0.58778525229247312917;
  const Complex a = plus(x[1], x[4]);
  const Complex b = plus(x[2], x[3]);
  const Complex d = turned(minus(x[1], x[4]));
  const Complex e = turned(minus(x[2], x[3]));
  const Complex m1{x[0].re + c1 * a.re + c2 * b.re, x[0].im + c1 * a.im + c2 * b.im};
  const Complex m2{x[0].re + c2 * a.re + c1 * b.re, x[0].im + c2 * a.im + c1 * b.im};
  const Complex n1{s1 * d.re + s2 * e.re, s1 * d.im + s2 * e.im};
  const Complex n2{s2 * d.re - s1 * e.re, s2 * d.im - s1 * e.im};
  x[0] = plus(x[0], plus(a, b));
  x[1] = plus(m1, n1);
  x[2] = plus(m2, n2);
  x[3] = minus(m2, n2);
  x[4] = minus(m1, n1);
}

template <std::size_t radix>
LIGHTSEED_INLINE void butterfly(Complex* x) {
  if constexpr (radix == 2) butterfly_2(x);
  if constexpr (radix == 3) butterfly_3(x);
  if constexpr (radix == 4) butterfly_4(x);
  if constexpr (radix == 5) butterfly_5(x);
}

/// All lanes of one butterfly. `r` stands in constants, so that the elements stay in registers.
template <std::size_t radix>
LIGHTSEED_INLINE void all_lanes(const Complexes* __restrict in, std::size_t apart, const Complex* __restrict factor,
                                Complexes* __restrict out, std::size_t sub) {
  for (std::size_t lane = 0; lane < fft_lanes; ++lane) {
    const auto turn = [&](std::size_t r) __attribute__((always_inline)) {
      return times({in[r * apart].re[lane], in[r * apart].im[lane]}, factor[r - 1]);
    };
    const auto put = [&](std::size_t r, const Complex& value) __attribute__((always_inline)) {
      out[r * sub].re[lane] = value.re;
      out[r * sub].im[lane] = value.im;
    };
    Complex x[radix];
    x[0] = {in[0].re[lane], in[0].im[lane]};
    x[1] = turn(1);
    if constexpr (radix > 2) x[2] = turn(2);
    if constexpr (radix > 3) x[3] = turn(3);
    if constexpr (radix > 4) x[4] = turn(4);
    butterfly<radix>(x);
    put(0, x[0]);
    put(1, x[1]);
    if constexpr (radix > 2) put(2, x[2]);
    if constexpr (radix > 3) put(3, x[3]);
    if constexpr (radix > 4) put(4, x[4]);
  }
}

template <std::size_t radix>
LIGHTSEED_INLINE void stage(const BatchFft::Stage& stage, std::size_t length, const Complexes* from, Complexes* to) {
  const std::size_t groups = length / radix / stage.sub;
  const std::size_t apart = length / radix;
  for (std::size_t group = 0; group < groups; ++group) {
    const Complex* factor = stage.factors.data();
    for (std::size_t k = 0; k < stage.sub; ++k, factor += radix - 1) {
      all_lanes<radix>(from + group * stage.sub + k, apart, factor, to + group * stage.sub * radix + k, stage.sub);
    }
  }
}

/// Transforms `data`, with `room` of the same length to work in; returns which of the two holds the result.
LIGHTSEED_INLINE Complexes* run(const BatchFft& plan, Complexes* data, Complexes* room) {
  for (const BatchFft::Stage& s : plan.stages) {
    switch (s.radix) {
      case 2: stage<2>(s, plan.length, data, room); break;
      case 3: stage<3>(s, plan.length, data, room); break;
      case 4: stage<4>(s, plan.length, data, room); break;
      default: stage<5>(s, plan.length, data, room); break;
    }
    Complexes* const other = data;
    data = room;
    room = other;
  }
  return data;
}

}  // namespace fft

}  // namespace lightseed::stats

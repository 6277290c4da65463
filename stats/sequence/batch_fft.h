// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <utility>
#include <vector>

#include "core/clones.h"

namespace lightseed::stats {

/// Eight transforms side by side, in single or double precision: lane k of every element belongs to transform k. Loops
/// run over the lanes innermost, which the compiler turns into vector instructions, for each processor of
/// LIGHTSEED_WIDE its own.
inline constexpr std::size_t fft_lanes = 8;

template <typename Real>
struct alignas(fft_lanes * sizeof(Real)) Complexes {
  Real re[fft_lanes];
  Real im[fft_lanes];
};

template <typename Real>
struct Complex {
  Real re = 0;
  Real im = 0;
};

/// exp(-2 pi i k / n).
Complex<double> root_of_unity(std::size_t k, std::size_t n);

template <typename Real>
Complex<Real> rounded(const Complex<double>& value) {
  return {static_cast<Real>(value.re), static_cast<Real>(value.im)};
}

/// Plan of a transform whose length has no prime factor above 5: Stockham's self-sorting form, in stages of 2, 3, 4, 5.
template <typename Real>
struct BatchFft {
  struct Stage {
    std::size_t radix;
    std::size_t sub;                     ///< product of the radices before
    std::vector<Complex<Real>> factors;  ///< (radix - 1) for each place in `sub`; the first stage's are ones
  };
  std::size_t length;
  std::vector<Stage> stages;

  explicit BatchFft(std::size_t n) : length(n) {
    std::size_t sub = 1;
    for (const std::size_t radix : {4U, 2U, 3U, 5U}) {
      for (; n % radix == 0; n /= radix, sub *= radix) {
        Stage stage{.radix = radix, .sub = sub, .factors = {}};
        for (std::size_t k = 0; k < sub; ++k) {
          for (std::size_t r = 1; r < radix; ++r)
            stage.factors.push_back(rounded<Real>(root_of_unity(r * k, sub * radix)));
        }
        stages.push_back(std::move(stage));
      }
    }
  }
};

/// Whether a length is a product of 2, 3 and 5.
bool is_smooth(std::size_t n) noexcept;

namespace fft {

template <typename Real>
LIGHTSEED_INLINE Complex<Real> plus(const Complex<Real>& a, const Complex<Real>& b) {
  return {a.re + b.re, a.im + b.im};
}
template <typename Real>
LIGHTSEED_INLINE Complex<Real> minus(const Complex<Real>& a, const Complex<Real>& b) {
  return {a.re - b.re, a.im - b.im};
}
template <typename Real>
LIGHTSEED_INLINE Complex<Real> times(const Complex<Real>& a, const Complex<Real>& w) {
  return {a.re * w.re - a.im * w.im, a.re * w.im + a.im * w.re};
}
/// -i a.
template <typename Real>
LIGHTSEED_INLINE Complex<Real> turned(const Complex<Real>& a) {
  return {a.im, -a.re};
}

template <typename Real>
LIGHTSEED_INLINE void butterfly_2(Complex<Real>* x) {
  const Complex<Real> a = x[0];
  x[0] = plus(a, x[1]);
  x[1] = minus(a, x[1]);
}

template <typename Real>
LIGHTSEED_INLINE void butterfly_3(Complex<Real>* x) {
  constexpr auto sine = static_cast<Real>(0.86602540378443864676);
  const Complex<Real> sum = plus(x[1], x[2]);
  const Complex<Real> difference = turned(minus(x[1], x[2]));
  const Complex<Real> middle{x[0].re - sum.re / 2, x[0].im - sum.im / 2};
  const Complex<Real> side{sine * difference.re, sine * difference.im};
  x[0] = plus(x[0], sum);
  x[1] = plus(middle, side);
  x[2] = minus(middle, side);
}

template <typename Real>
LIGHTSEED_INLINE void butterfly_4(Complex<Real>* x) {
  const Complex<Real> a = plus(x[0], x[2]);
  const Complex<Real> b = minus(x[0], x[2]);
  const Complex<Real> c = plus(x[1], x[3]);
  const Complex<Real> d = turned(minus(x[1], x[3]));
  x[0] = plus(a, c);
  x[1] = plus(b, d);
  x[2] = minus(a, c);
  x[3] = minus(b, d);
}

template <typename Real>
LIGHTSEED_INLINE void butterfly_5(Complex<Real>* x) {
  constexpr auto c1 = static_cast<Real>(0.30901699437494742410);
  constexpr auto c2 = static_cast<Real>(-0.80901699437494742410);
  constexpr auto s1 = static_cast<Real>(0.95105651629515357212);
  constexpr auto s2 = static_cast<Real>(0.58778525229247312917);
  const Complex<Real> a = plus(x[1], x[4]);
  const Complex<Real> b = plus(x[2], x[3]);
  const Complex<Real> d = turned(minus(x[1], x[4]));
  const Complex<Real> e = turned(minus(x[2], x[3]));
  const Complex<Real> m1{x[0].re + c1 * a.re + c2 * b.re, x[0].im + c1 * a.im + c2 * b.im};
  const Complex<Real> m2{x[0].re + c2 * a.re + c1 * b.re, x[0].im + c2 * a.im + c1 * b.im};
  const Complex<Real> n1{s1 * d.re + s2 * e.re, s1 * d.im + s2 * e.im};
  const Complex<Real> n2{s2 * d.re - s1 * e.re, s2 * d.im - s1 * e.im};
  x[0] = plus(x[0], plus(a, b));
  x[1] = plus(m1, n1);
  x[2] = plus(m2, n2);
  x[3] = minus(m2, n2);
  x[4] = minus(m1, n1);
}

template <std::size_t radix, typename Real>
LIGHTSEED_INLINE void butterfly(Complex<Real>* x) {
  if constexpr (radix == 2) butterfly_2(x);
  if constexpr (radix == 3) butterfly_3(x);
  if constexpr (radix == 4) butterfly_4(x);
  if constexpr (radix == 5) butterfly_5(x);
}

/// All lanes of one butterfly. `r` stands in constants, so that the elements stay in registers. The first stage turns
/// nothing: its factors are ones.
template <std::size_t radix, bool turning, typename Real>
LIGHTSEED_INLINE void all_lanes(const Complexes<Real>* __restrict in, std::size_t apart,
                                const Complex<Real>* __restrict factor, Complexes<Real>* __restrict out,
                                std::size_t sub) {
  for (std::size_t lane = 0; lane < fft_lanes; ++lane) {
    const auto take = [&](std::size_t r) __attribute__((always_inline)) {
      const Complex<Real> value{in[r * apart].re[lane], in[r * apart].im[lane]};
      return turning ? times(value, factor[r - 1]) : value;
    };
    const auto put = [&](std::size_t r, const Complex<Real>& value) __attribute__((always_inline)) {
      out[r * sub].re[lane] = value.re;
      out[r * sub].im[lane] = value.im;
    };
    Complex<Real> x[radix];
    x[0] = {in[0].re[lane], in[0].im[lane]};
    x[1] = take(1);
    if constexpr (radix > 2) x[2] = take(2);
    if constexpr (radix > 3) x[3] = take(3);
    if constexpr (radix > 4) x[4] = take(4);
    butterfly<radix>(x);
    put(0, x[0]);
    put(1, x[1]);
    if constexpr (radix > 2) put(2, x[2]);
    if constexpr (radix > 3) put(3, x[3]);
    if constexpr (radix > 4) put(4, x[4]);
  }
}

template <std::size_t radix, typename Real>
LIGHTSEED_INLINE void stage(const typename BatchFft<Real>::Stage& stage, std::size_t length,
                            const Complexes<Real>* from, Complexes<Real>* to) {
  const std::size_t groups = length / radix / stage.sub;
  const std::size_t apart = length / radix;
  if (stage.sub == 1) {
    for (std::size_t group = 0; group < groups; ++group)
      all_lanes<radix, false>(from + group, apart, stage.factors.data(), to + group * radix, 1);
    return;
  }
  for (std::size_t group = 0; group < groups; ++group) {
    const Complex<Real>* factor = stage.factors.data();
    for (std::size_t k = 0; k < stage.sub; ++k, factor += radix - 1) {
      all_lanes<radix, true>(from + group * stage.sub + k, apart, factor, to + group * stage.sub * radix + k,
                             stage.sub);
    }
  }
}

/// Transforms `data`, with `room` of the same length to work in; returns which of the two holds the result.
template <typename Real>
LIGHTSEED_INLINE Complexes<Real>* run(const BatchFft<Real>& plan, Complexes<Real>* data, Complexes<Real>* room) {
  for (const auto& s : plan.stages) {
    switch (s.radix) {
      case 2: stage<2>(s, plan.length, data, room); break;
      case 3: stage<3>(s, plan.length, data, room); break;
      case 4: stage<4>(s, plan.length, data, room); break;
      default: stage<5>(s, plan.length, data, room); break;
    }
    std::swap(data, room);
  }
  return data;
}

}  // namespace fft

}  // namespace lightseed::stats

// SPDX-License-Identifier: Apache-2.0
// Between powers of y and the basis X_i(y) = product of s_b(y) over the set bits b of i, in place; only XORs. Included
// between LIGHTSEED_BEGIN_TARGET and LIGHTSEED_END_TARGET, inside an unnamed namespace; therefore no include guard and
// no includes. Coefficients are groups of `unit` values of type T; 2^bits of them.
//
// The includer offers xor_fixed<count>(to, from), which XORs `count` values.

/// One step in base s_k: with h = 2^(bits-1), q = 2^(bits-k-1), f[i - h + q] += f[i] for i from 2^bits - 1 down to h,
/// which is two runs that do not meet themselves.
template <unsigned bits, unsigned k, std::size_t unit, typename T>
void taylor_step(T* f) noexcept {
  constexpr std::size_t h = std::size_t{1} << (bits - 1);
  constexpr std::size_t q = std::size_t{1} << (bits - k - 1);
  xor_fixed<q * unit>(f + h * unit, f + (2 * h - q) * unit);
  xor_fixed<(h - q) * unit>(f + q * unit, f + h * unit);
}

template <unsigned bits, unsigned k, std::size_t unit, typename T>
void inverse_taylor_step(T* f) noexcept {
  constexpr std::size_t h = std::size_t{1} << (bits - 1);
  constexpr std::size_t q = std::size_t{1} << (bits - k - 1);
  xor_fixed<(h - q) * unit>(f + q * unit, f + h * unit);
  xor_fixed<q * unit>(f + h * unit, f + (2 * h - q) * unit);
}

/// A step, then both halves.
template <unsigned bits, unsigned k, std::size_t unit, typename T>
void taylor(T* f) noexcept {
  if constexpr (bits > k) {
    taylor_step<bits, k, unit>(f);
    taylor<bits - 1, k, unit>(f);
    taylor<bits - 1, k, unit>(f + (unit << (bits - 1)));
  }
}

template <unsigned bits, unsigned k, std::size_t unit, typename T>
void inverse_taylor(T* f) noexcept {
  if constexpr (bits > k) {
    inverse_taylor<bits - 1, k, unit>(f);
    inverse_taylor<bits - 1, k, unit>(f + (unit << (bits - 1)));
    inverse_taylor_step<bits, k, unit>(f);
  }
}

/// The largest power of two below `bits` (2 … 16).
constexpr unsigned half_of(unsigned bits) noexcept {
  return bits > 8 ? 8 : bits > 4 ? 4 : bits > 2 ? 2 : 1;
}

template <unsigned bits, std::size_t unit, typename T>
void to_novel_basis(T* f) noexcept {
  if constexpr (bits > 1) {
    constexpr unsigned k = half_of(bits);
    taylor<bits, k, unit>(f);
    to_novel_basis<bits - k, (unit << k)>(f);
    for (std::size_t group = 0; group < std::size_t{1} << (bits - k); ++group)
      to_novel_basis<k, unit>(f + group * (unit << k));
  }
}

template <unsigned bits, std::size_t unit, typename T>
void to_powers(T* f) noexcept {
  if constexpr (bits > 1) {
    constexpr unsigned k = half_of(bits);
    for (std::size_t group = 0; group < std::size_t{1} << (bits - k); ++group)
      to_powers<k, unit>(f + group * (unit << k));
    to_powers<bits - k, (unit << k)>(f);
    inverse_taylor<bits, k, unit>(f);
  }
}

/// to_powers for the upper half of the coefficients only, `upper` pointing there: in this direction sums flow from high
/// to low indices alone.
template <unsigned bits, std::size_t unit, typename T>
void to_powers_upper(T* upper) noexcept {
  if constexpr (bits > 1) {
    constexpr unsigned k = half_of(bits);
    constexpr std::size_t h = std::size_t{1} << (bits - 1);
    constexpr std::size_t q = std::size_t{1} << (bits - k - 1);
    for (std::size_t group = 0; group < h >> k; ++group)
      to_powers<k, unit>(upper + group * (unit << k));
    to_powers_upper<bits - k, (unit << k)>(upper);
    inverse_taylor<bits - 1, k, unit>(upper);
    xor_fixed<q * unit>(upper, upper + (h - q) * unit);
  }
}

// SPDX-License-Identifier: Apache-2.0
// The word engines: an additive FFT over GF(2^128) at 4096 points. The words of 64 bits are the coefficients; a product
// of two words fits into an element, so nothing is packed or reduced. Products of spectra are products of polynomials
// modulo s_12(y) = y^4096 + y^256 + y^16 + y.
//
// Included by word_engine_*.cpp behind carryless_*-inl.h, between LIGHTSEED_BEGIN_TARGET and LIGHTSEED_END_TARGET,
// inside an unnamed namespace; therefore no include guard and no includes.

inline constexpr std::size_t points = WordTables::points;
inline constexpr std::size_t spectrum_words = 2 * points;

/// A window of 2 tile_words words times an input that ends at word 2047 reaches up to word 5886. What lies above 4095
/// comes back 256, 16 and 1 places above where it would wrap to, that is, below the wanted words 2047 … 3967.
inline constexpr std::size_t tile_words = 1920;
inline constexpr std::size_t input_words = points / 2;
static_assert(2 * tile_words - 1 + input_words - 1 - points + 256 < input_words - 1);

template <std::size_t count>
void xor_fixed(std::uint64_t* __restrict to, const std::uint64_t* __restrict from) noexcept {
  for (std::size_t i = 0; i < count; ++i)
    to[i] ^= from[i];
}

#include "gf2/additive_fft/basis-inl.h"
#include "gf2/gf128-inl.h"

/// u += c v, v += u; backwards the inverse.
template <typename V, bool forward>
void butterfly(typename V::type& u, typename V::type& v, const Factor<V>& t) noexcept {
  if (!forward) v = V::add(v, u);
  u = add_product<V>(u, v, t);
  if (forward) v = V::add(v, u);
}

/// Block 0 of every level has the twiddle 0.
template <typename V>
void add_block(std::uint64_t* block, std::size_t half) noexcept {
  for (std::size_t i = 0; i < half; i += 2 * V::lanes)
    V::store(block + half + i, V::add(V::load(block + half + i), V::load(block + i)));
}

/// Level `level` of the blocks in `count` points from point `first` on; halves of blocks are whole vectors.
template <typename V, bool forward>
void whole_level(const WordTables& t, std::uint64_t* spectrum, unsigned level, std::size_t first,
                 std::size_t count) noexcept {
  const std::size_t half = std::size_t{2} << level;  // words
  for (std::size_t at = 2 * first; at < 2 * (first + count); at += 2 * half) {
    const std::size_t b = at / (2 * half);
    if (b == 0) {
      add_block<V>(spectrum, half);
      continue;
    }
    const Factor<V> twiddle{V::broadcast(t.c.data() + 2 * b), V::broadcast(t.c_up.data() + 2 * b)};
    for (std::size_t i = at; i < at + half; i += 2 * V::lanes) {
      auto u = V::load(spectrum + i), v = V::load(spectrum + half + i);
      butterfly<V, forward>(u, v, twiddle);
      V::store(spectrum + i, u);
      V::store(spectrum + half + i, v);
    }
  }
}

/// Level 0 of vectors of two elements. In the spectrum the points stay as it has them: even ones, odd ones.
template <typename V, bool forward>
void inner_level(const WordTables& t, std::uint64_t* spectrum, std::size_t first, std::size_t count) noexcept {
  if constexpr (V::lanes == 2) {
    for (std::size_t i = 2 * first; i < 2 * (first + count); i += 8) {
      const Factor<V> twiddles{V::load(t.c.data() + i / 2), V::load(t.c_up.data() + i / 2)};
      const auto x = V::load(spectrum + i), y = V::load(spectrum + i + 4);
      auto u = forward ? V::even(x, y) : x, v = forward ? V::odd(x, y) : y;
      butterfly<V, forward>(u, v, twiddles);
      V::store(spectrum + i, forward ? u : V::even(u, v));
      V::store(spectrum + i + 4, forward ? v : V::odd(u, v));
    }
  }
}

/// Levels 10 … 0, each half of the spectrum by itself: it stays in the first cache.
template <typename V, bool forward>
void levels(const WordTables& t, std::uint64_t* spectrum) noexcept {
  constexpr unsigned lowest = V::lanes == 2 ? 1 : 0;
  static_assert(V::lanes <= 2);
  for (const std::size_t first : {std::size_t{0}, points / 2}) {
    if (!forward) inner_level<V, forward>(t, spectrum, first, points / 2);
    for (unsigned i = 0; i <= 10 - lowest; ++i)
      whole_level<V, forward>(t, spectrum, forward ? 10 - i : lowest + i, first, points / 2);
    if (forward) inner_level<V, forward>(t, spectrum, first, points / 2);
  }
}

template <typename V>
void transform_window(std::uint64_t* words, std::uint64_t* spectrum, std::uint64_t*) {
  to_novel_basis<12, 1>(words);
  for (std::size_t i = 0; i < points / 2; ++i) {  // level 11
    spectrum[2 * i] = words[i];
    spectrum[points + 2 * i] = words[points / 2 + i] ^ words[i];
    spectrum[2 * i + 1] = spectrum[points + 2 * i + 1] = 0;
  }
  levels<V, true>(word_tables(), spectrum);
}

template <typename V>
void transform_input(std::uint64_t* words, std::uint64_t* spectrum, std::uint64_t*) {
  to_novel_basis<11, 1>(words);
  for (std::size_t i = 0; i < points / 2; ++i) {
    spectrum[2 * i] = spectrum[points + 2 * i] = words[i];
    spectrum[2 * i + 1] = spectrum[points + 2 * i + 1] = 0;
  }
  levels<V, true>(word_tables(), spectrum);
}

template <typename V>
void dot(const std::uint64_t* const* a, const std::uint64_t* const* b, std::size_t count, std::size_t words,
         std::uint64_t* sum) {
  const auto fold = V::both_words(0x87);
  for (std::size_t i = 0; i < words; i += 2 * V::lanes) {
    auto low = V::zero(), middle = V::zero(), high = V::zero();
    for (std::size_t k = 0; k < count; ++k) {
      const auto x = V::load(a[k] + i), y = V::load(b[k] + i);
      low = V::add(low, V::template product<0x00>(x, y));
      middle = V::add3(middle, V::template product<0x01>(x, y), V::template product<0x10>(x, y));
      high = V::add(high, V::template product<0x11>(x, y));
    }
    middle = V::add(middle, V::template product<0x01>(high, fold));
    low = V::add3(low, V::template product<0x00>(high, fold), V::template product<0x01>(middle, fold));
    V::store(sum + i, V::add(low, V::up(middle)));
  }
}

/// A product of two words reaches into the next word: the sum of the low words and of y times the high ones, still in
/// the basis X_i (join_upper_coefficients in byte_engine.cpp says why). In place: word j of the result lies below all
/// that is still to be read.
inline void join_upper_coefficients(std::uint64_t* upper) noexcept {
  const auto high = [upper](std::size_t j) { return upper[2 * j + 1]; };
  std::uint64_t before = upper[-1];
  for (std::size_t j = 0; j < points / 2; ++j) {
    const std::uint64_t other = high(j == 0 ? points / 2 - 1 : j + (j & -j) - 1), own = high(j);
    upper[j] = upper[2 * j] ^ before ^ other;
    before = own;
  }
}

template <typename V>
void inverse(std::uint64_t* spectrum, std::uint64_t* out, std::uint64_t*) {
  levels<V, false>(word_tables(), spectrum);
  add_block<V>(spectrum, points);  // level 11
  std::uint64_t* const upper = spectrum + points;
  join_upper_coefficients(upper);
  to_powers_upper<12, 1>(upper);
  std::copy_n(upper, tile_words, out);
}

// Across tiles: a slice is 2^slice_level elements.

inline constexpr std::size_t slice_words = FftEngine::slice_words;
inline constexpr unsigned slice_level = 4;
static_assert(slice_words == std::size_t{2} << slice_level);

template <typename V, unsigned bits>
struct Across {
  static constexpr std::size_t half_words = slice_words << (bits - 1);
  static constexpr std::size_t elements = std::size_t{1} << (bits + slice_level);

  static void windows(std::uint64_t* gathered) {
    to_novel_basis<bits, slice_words>(gathered);
    for (unsigned level = bits; level-- > 0;)
      whole_level<V, true>(word_tables(), gathered, level + slice_level, 0, elements);
  }

  /// The highest level makes both halves the same.
  static void input(std::uint64_t* gathered) {
    to_novel_basis<bits - 1, slice_words>(gathered);
    std::copy_n(gathered, half_words, gathered + half_words);
    for (unsigned level = bits - 1; level-- > 0;)
      whole_level<V, true>(word_tables(), gathered, level + slice_level, 0, elements);
  }

  static void inverse(std::uint64_t* gathered) {
    for (unsigned level = 0; level < bits - 1; ++level)
      whole_level<V, false>(word_tables(), gathered, level + slice_level, 0, elements);
    add_block<V>(gathered, half_words);
    to_powers_upper<bits, slice_words>(gathered + half_words);
  }
};

template <typename V>
constexpr FftEngine make_engine(double cycles_per_transform, double cycles_per_product,
                                double cycles_per_butterfly) noexcept {
  return {.tile_words = tile_words,
          .window_words = points,
          .input_words = input_words,
          .spectrum_words = spectrum_words,
          .scratch_words = 0,
          .transform_window = transform_window<V>,
          .transform_input = transform_input<V>,
          .dot = dot<V>,
          .tail_words = 0,
          .dot_tails = nullptr,
          .inverse = inverse<V>,
          .across = {FftEngine::Across::of<Across<V, 4>>(), FftEngine::Across::of<Across<V, 6>>(),
                     FftEngine::Across::of<Across<V, 8>>()},
          .cycles_per_transform = cycles_per_transform,
          .cycles_per_product = cycles_per_product,
          .cycles_per_butterfly = cycles_per_butterfly};
}

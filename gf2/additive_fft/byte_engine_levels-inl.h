// SPDX-License-Identifier: Apache-2.0
// The byte engine's butterflies. Included by byte_engine.cpp between LIGHTSEED_BEGIN_TARGET and LIGHTSEED_END_TARGET,
// inside an unnamed namespace; therefore no include guard and no includes.
//
// Level by level every point would be read and written at each, and a store takes longer than the products between two
// of them: a core with Zen 5 stores one vector a cycle and starts two products. So three levels are taken at a time, on
// eight pairs of vectors in registers, and the nine lowest without a way through memory: between them rows and lanes
// change places by shuffles.

/// 64 points a0 + a1 w. In memory a1 follows a0.
struct Pair {
  __m512i a0, a1;
};

inline constexpr std::size_t pair_bytes = 128;

/// Bytes that `count` points take, a multiple of 64.
constexpr std::size_t bytes_of_points(std::size_t count) noexcept {
  return 2 * count;
}

inline Pair load_pair(const std::uint8_t* from) noexcept {
  return {load(from), load(from + 64)};
}

inline void store_pair(std::uint8_t* to, const Pair& x) noexcept {
  store(to, x.a0);
  store(to + 64, x.a1);
}

inline Pair operator^(const Pair& a, const Pair& b) noexcept {
  return {_mm512_xor_si512(a.a0, b.a0), _mm512_xor_si512(a.a1, b.a1)};
}

/// A twiddle for each lane.
struct Twiddle {
  __m512i c0, c1d, c1, sum;
};

/// The twiddles of three levels by their place in a binary heap: 1, then 2 and 3, then 4 … 7.
struct BlockTwiddles {
  const ByteTables::Constant* all;
  std::size_t block;  ///< of the highest of the levels

  [[nodiscard]] Twiddle operator()(unsigned place, unsigned depth) const noexcept {
    const ByteTables::Constant& c = all[(block << depth) + place - (1U << depth)];
    return {_mm512_set1_epi32(static_cast<int>(c.c0)), _mm512_set1_epi32(static_cast<int>(c.c1d)),
            _mm512_set1_epi32(static_cast<int>(c.c1)), _mm512_set1_epi32(static_cast<int>(c.sum))};
  }
};

struct LaneTwiddles {
  const std::array<ByteTables::Constant, 7>& constants;
  const std::array<ByteTables::Lanes, 3>& lanes;

  [[nodiscard]] Twiddle operator()(unsigned place, unsigned depth) const noexcept {
    const ByteTables::Constant& c = constants[place - 1];
    const ByteTables::Lanes& of = lanes[depth];
    return {_mm512_xor_si512(load(of.c0), _mm512_set1_epi32(static_cast<int>(c.c0))),
            _mm512_xor_si512(load(of.c1d), _mm512_set1_epi32(static_cast<int>(c.c1d))),
            _mm512_xor_si512(load(of.c1), _mm512_set1_epi32(static_cast<int>(c.c1))),
            _mm512_xor_si512(load(of.sum), _mm512_set1_epi32(static_cast<int>(c.sum)))};
  }
};

/// u += c v, v += u; backwards v += u, u += c v.
template <bool forward>
[[gnu::always_inline]] inline void butterfly(Pair& u, Pair& v, const Twiddle& c) noexcept {
  if (!forward) v = v ^ u;
  u.a0 = add3(u.a0, _mm512_gf2p8mul_epi8(v.a0, c.c0), _mm512_gf2p8mul_epi8(v.a1, c.c1d));
  u.a1 = add3(u.a1, _mm512_gf2p8mul_epi8(v.a0, c.c1), _mm512_gf2p8mul_epi8(v.a1, c.sum));
  if (forward) v = v ^ u;
}

/// `levels` levels of 2^levels pairs, the highest one between the halves.
template <bool forward, unsigned levels, typename Twiddles>
[[gnu::always_inline]] inline void butterflies(Pair* x, const Twiddles& twiddles, unsigned place = 1,
                                               unsigned depth = 0) noexcept {
  if constexpr (levels != 0) {
    constexpr unsigned half = 1U << (levels - 1);
    if (!forward) {
      butterflies<forward, levels - 1>(x, twiddles, 2 * place, depth + 1);
      butterflies<forward, levels - 1>(x + half, twiddles, 2 * place + 1, depth + 1);
    }
    const Twiddle c = twiddles(place, depth);
#pragma GCC unroll 4
    for (unsigned i = 0; i < half; ++i)
      butterfly<forward>(x[i], x[i + half], c);
    if (forward) {
      butterflies<forward, levels - 1>(x, twiddles, 2 * place, depth + 1);
      butterflies<forward, levels - 1>(x + half, twiddles, 2 * place + 1, depth + 1);
    }
  }
}

template <unsigned count>
[[gnu::always_inline]] inline void load_pairs(Pair* x, const std::uint8_t* from, std::size_t stride) noexcept {
#pragma GCC unroll 8
  for (unsigned i = 0; i < count; ++i)
    x[i] = load_pair(from + i * stride);
}

template <unsigned count>
[[gnu::always_inline]] inline void store_pairs(std::uint8_t* to, std::size_t stride, const Pair* x) noexcept {
#pragma GCC unroll 8
  for (unsigned i = 0; i < count; ++i)
    store_pair(to + i * stride, x[i]);
}

/// `levels` levels of a block of 2^levels parts of `part_bytes` bytes; `to` may be `from`.
template <bool forward, unsigned levels>
void block_levels(const std::uint8_t* from, std::uint8_t* to, std::size_t part_bytes,
                  const BlockTwiddles& twiddles) noexcept {
  for (std::size_t i = 0; i < part_bytes; i += pair_bytes) {
    Pair x[1U << levels];
    load_pairs<1U << levels>(x, from + i, part_bytes);
    butterflies<forward, levels>(x, twiddles);
    store_pairs<1U << levels>(to + i, part_bytes, x);
  }
}

// Shuffles that let a bit of the vector's number and a bit of the lane's change places. Bits 5 and 4 of a lane's number
// say which 128 bits, bit 3 which word, bits 2 … 0 which byte.

/// Bit 5 becomes the vector's; its own becomes bit 5.
[[gnu::always_inline]] inline void exchange_bit_5(__m512i& a, __m512i& b) noexcept {
  const __m512i first = _mm512_shuffle_i64x2(a, b, 0x44);
  b = _mm512_shuffle_i64x2(a, b, 0xee);
  a = first;
}

/// Bit 4 becomes the vector's, bit 5 moves down, the vector's own becomes bit 5.
[[gnu::always_inline]] inline void turn_bits_5_4(__m512i& a, __m512i& b) noexcept {
  const __m512i first = _mm512_shuffle_i64x2(a, b, 0x88);
  b = _mm512_shuffle_i64x2(a, b, 0xdd);
  a = first;
}

/// Bit 3 becomes the vector's; its own becomes bit 3.
[[gnu::always_inline]] inline void exchange_bit_3(__m512i& a, __m512i& b) noexcept {
  const __m512i first = _mm512_unpacklo_epi64(a, b);
  b = _mm512_unpackhi_epi64(a, b);
  a = first;
}

/// Bit 3 becomes the vector's, bits 2 … 0 move up, the vector's own becomes bit 0.
[[gnu::always_inline]] inline void turn_bits_3_to_0(__m512i& a, __m512i& b) noexcept {
  const __m512i first = _mm512_unpacklo_epi8(a, b);
  b = _mm512_unpackhi_epi8(a, b);
  a = first;
}

/// One of these for all pairs of vectors whose numbers differ in bit `bit`.
template <unsigned bit, void (*change)(__m512i&, __m512i&) noexcept>
[[gnu::always_inline]] inline void change_places(Pair* x) noexcept {
#pragma GCC unroll 8
  for (unsigned i = 0; i < 8; ++i) {
    if ((i >> bit & 1) == 0) {
      change(x[i].a0, x[i + (1U << bit)].a0);
      change(x[i].a1, x[i + (1U << bit)].a1);
    }
  }
}

/// Levels 8 … 0 of a bundle: eight pairs that lie beside each other. r2 r1 r0 are the bits of a row's number, L5 … L0
/// those of a lane's; behind each step stand the numbers' bits after it, vector | lane.
inline void forward_bundle(const ByteTables& t, std::uint8_t* at, std::size_t bundle) noexcept {
  Pair x[8];
  load_pairs<8>(x, at, pair_bytes);
  butterflies<true, 3>(x, BlockTwiddles{t.blocks.data(), bundle});  // r2 r1 r0 | L5 L4 L3 L2 L1 L0
  change_places<2, exchange_bit_5>(x);                              // L5 r1 r0 | r2 L4 L3 L2 L1 L0
  change_places<1, turn_bits_5_4>(x);                               // L5 L4 r0 | r1 r2 L3 L2 L1 L0
  change_places<0, exchange_bit_3>(x);                              // L5 L4 L3 | r1 r2 r0 L2 L1 L0
  butterflies<true, 3>(x, LaneTwiddles{t.bundles[bundle][0], t.lanes[0]});
  change_places<0, turn_bits_3_to_0>(x);  // L5 L4 r0 | r1 r2 L2 L1 L0 L3
  change_places<2, turn_bits_3_to_0>(x);  // L2 L4 r0 | r1 r2 L1 L0 L3 L5
  change_places<1, turn_bits_3_to_0>(x);  // L2 L1 r0 | r1 r2 L0 L3 L5 L4
  change_places<0, turn_bits_3_to_0>(x);  // L2 L1 L0 | r1 r2 L3 L5 L4 r0
  butterflies<true, 3>(x, LaneTwiddles{t.bundles[bundle][1], t.lanes[1]});
  store_pairs<8>(at, pair_bytes, x);
}

inline void backward_bundle(const ByteTables& t, std::uint8_t* at, std::size_t bundle) noexcept {
  Pair x[8];
  load_pairs<8>(x, at, pair_bytes);
  butterflies<false, 3>(x, LaneTwiddles{t.bundles[bundle][1], t.lanes[1]});  // L2 L1 L0 | r1 r2 L3 L5 L4 r0
  change_places<2, turn_bits_3_to_0>(x);                                     // L3 L1 L0 | r1 r2 L5 L4 r0 L2
  change_places<1, turn_bits_3_to_0>(x);                                     // L3 L5 L0 | r1 r2 L4 r0 L2 L1
  change_places<0, turn_bits_3_to_0>(x);                                     // L3 L5 L4 | r1 r2 r0 L2 L1 L0
  Pair y[8] = {x[0], x[4], x[1], x[5], x[2], x[6], x[3], x[7]};              // L5 L4 L3 | r1 r2 r0 L2 L1 L0
  butterflies<false, 3>(y, LaneTwiddles{t.bundles[bundle][0], t.lanes[0]});
  change_places<0, exchange_bit_3>(y);                           // L5 L4 r0 | r1 r2 L3 L2 L1 L0
  change_places<1, turn_bits_5_4>(y);                            // L5 r2 r0 | L4 r1 L3 L2 L1 L0
  change_places<2, turn_bits_5_4>(y);                            // r1 r2 r0 | L5 L4 L3 L2 L1 L0
  Pair z[8] = {y[0], y[1], y[4], y[5], y[2], y[3], y[6], y[7]};  // r2 r1 r0 | L5 L4 L3 L2 L1 L0
  butterflies<false, 3>(z, BlockTwiddles{t.blocks.data(), bundle});
  store_pairs<8>(at, pair_bytes, z);
}

inline constexpr std::size_t bundle_points = 512;
inline constexpr std::size_t piece_points = 8 * bundle_points;

/// Levels 11 … 0, 4096 points at a time: they stay in the first cache. Levels 14, 13 and 12 are the caller's.
inline void forward_pieces(const ByteTables& t, std::uint8_t* spectrum) noexcept {
  for (std::size_t piece = 0; piece < points / piece_points; ++piece) {
    std::uint8_t* const at = spectrum + piece * bytes_of_points(piece_points);
    block_levels<true, 3>(at, at, bytes_of_points(bundle_points), {t.blocks.data(), piece});
    for (std::size_t b = 0; b < 8; ++b)
      forward_bundle(t, at + b * bytes_of_points(bundle_points), 8 * piece + b);
  }
}

inline void backward_pieces(const ByteTables& t, std::uint8_t* spectrum) noexcept {
  for (std::size_t piece = 0; piece < points / piece_points; ++piece) {
    std::uint8_t* const at = spectrum + piece * bytes_of_points(piece_points);
    for (std::size_t b = 0; b < 8; ++b)
      backward_bundle(t, at + b * bytes_of_points(bundle_points), 8 * piece + b);
    block_levels<false, 3>(at, at, bytes_of_points(bundle_points), {t.blocks.data(), piece});
  }
}

// Across tiles (tile_groups.h), 2^bits gathered slices.

inline constexpr std::size_t slice_bytes = 8 * FftEngine::slice_words;

/// The `left` lowest levels of all blocks.
template <bool forward, unsigned bits, unsigned left>
void lowest_levels_across(std::uint8_t* gathered) noexcept {
  if constexpr (left != 0) {
    constexpr unsigned levels = left < 3 ? left : 3;
    if (!forward) lowest_levels_across<forward, bits, left - levels>(gathered);
    constexpr std::size_t part = slice_bytes << (left - levels);
    for (std::size_t block = 0; block < std::size_t{1} << (bits - left); ++block) {
      std::uint8_t* const at = gathered + block * (part << levels);
      block_levels<forward, levels>(at, at, part, {byte_tables().blocks.data(), block});
    }
    if (forward) lowest_levels_across<forward, bits, left - levels>(gathered);
  }
}

template <unsigned bits>
struct Across {
  static constexpr std::size_t half_bytes = slice_bytes << (bits - 1);

  static void windows(std::uint64_t* gathered) noexcept {
    to_novel_basis<bits, slice_bytes>(octets(gathered));
    lowest_levels_across<true, bits, bits>(octets(gathered));
  }

  /// The highest level makes both halves the same.
  static void input(std::uint64_t* gathered) noexcept {
    std::uint8_t* const lower = octets(gathered);
    to_novel_basis<bits - 1, slice_bytes>(lower);
    for (const std::size_t half : {std::size_t{1}, std::size_t{0}}) {
      block_levels<true, 3>(lower, lower + half * half_bytes, half_bytes >> 3, {byte_tables().blocks.data(), half});
    }
    lowest_levels_across<true, bits, bits - 4>(lower);
  }

  static void inverse(std::uint64_t* gathered) noexcept {
    std::uint8_t* const lower = octets(gathered);
    lowest_levels_across<false, bits, bits - 1>(lower);
    xor_fixed<half_bytes>(lower + half_bytes, lower);
    to_powers_upper<bits, slice_bytes>(lower + half_bytes);
  }
};

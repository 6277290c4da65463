// SPDX-License-Identifier: Apache-2.0
// The byte engine's products of spectra, and its transform across tiles (tile_groups.h). Included by byte_engine.cpp
// between LIGHTSEED_BEGIN_TARGET and LIGHTSEED_END_TARGET, inside an unnamed namespace; therefore no include guard and
// no includes.

/// High byte of the carry-less product of two bytes, without tables or branches.
inline unsigned high_byte_of_product(unsigned a, unsigned b) noexcept {
  unsigned product = 0;
  for (unsigned i = 0; i < 8; ++i)
    product ^= (b >> i & 1U) * (a << i);
  return product >> 8;
}

/// Planes that lie `distance` bytes apart.
inline Pair load_pair_at(const std::uint8_t* plane, std::size_t distance) noexcept {
  return {load(plane), load(plane + distance)};
}

/// The sum of the products of the points at byte `at`.
inline Pair dot_at(const std::uint64_t* const* windows, const std::uint64_t* const* inputs, std::size_t count,
                   std::size_t at, std::size_t distance, __m512i d) noexcept {
  Pair s{_mm512_setzero_si512(), _mm512_setzero_si512()};
  for (std::size_t k = 0; k < count; ++k) {
    const Pair x = load_pair_at(octets(windows[k]) + at, distance), y = load_pair_at(octets(inputs[k]) + at, distance);
    const __m512i low = _mm512_gf2p8mul_epi8(x.a0, y.a0);
    const __m512i high = _mm512_gf2p8mul_epi8(x.a1, y.a1);
    const __m512i both = _mm512_gf2p8mul_epi8(_mm512_xor_si512(x.a0, x.a1), _mm512_xor_si512(y.a0, y.a1));
    s.a0 = add3(s.a0, low, _mm512_gf2p8mul_epi8(high, d));
    s.a1 = add3(s.a1, both, low);
  }
  return s;
}

inline void dot(const std::uint64_t* const* windows, const std::uint64_t* const* inputs, std::size_t count,
                std::uint64_t* sum) {
  const __m512i d = _mm512_set1_epi8(static_cast<char>(byte_tables().d));
  for (std::size_t i = 0; i < points; i += 64)
    store_pair(octets(sum) + i, dot_at(windows, inputs, count, i, points, d));
}

/// Coefficient 65536 + a of a product comes back at a + 1. Only the topmost one reaches the bytes that are wanted: its
/// high half meets the first of them.
inline void dot_tails(const std::uint64_t* const* windows, const std::uint64_t* const* inputs, std::size_t count,
                      std::uint64_t* sum) {
  unsigned wrapped = 0;
  for (std::size_t k = 0; k < count; ++k)
    wrapped ^= high_byte_of_product(octets(windows[k])[0], octets(inputs[k])[0]);
  octets(sum)[0] = static_cast<std::uint8_t>(wrapped);
}

// Across tiles: a gathered slice is pairs of vectors, 64 points each.

inline constexpr std::size_t slice_bytes = 8 * FftEngine::slice_words;
inline constexpr std::size_t slice_points = slice_bytes / 2;

inline void gather(const std::uint64_t* spectrum, std::size_t slice, std::uint64_t* to) {
  for (std::size_t i = 0; i < slice_points; i += 64) {
    const Pair x = load_pair(octets(spectrum) + slice * slice_points + i);
    store(octets(to) + 2 * i, x.a0);
    store(octets(to) + 2 * i + 64, x.a1);
  }
}

inline void scatter(const std::uint64_t* from, std::size_t slice, std::uint64_t* spectrum) {
  for (std::size_t i = 0; i < slice_points; i += 64)
    store_pair(octets(spectrum) + slice * slice_points + i, load_pair_at(octets(from) + 2 * i, 64));
}

template <bool forward>
void level_across(const ByteTables& t, std::uint8_t* gathered, unsigned level, unsigned levels) noexcept {
  const std::size_t half = slice_bytes << level;
  for (std::size_t block = 0; block < std::size_t{1} << (levels - level - 1); ++block) {
    const Broadcast c = broadcast(t.blocks[block]);
    std::uint8_t* const first = gathered + 2 * half * block;
    for (std::size_t i = 0; i < half; i += 128) {
      Pair u = load_pair_at(first + i, 64), v = load_pair_at(first + half + i, 64);
      butterfly<forward>(u, v, c);
      store(first + i, u.a0);
      store(first + i + 64, u.a1);
      store(first + half + i, v.a0);
      store(first + half + i + 64, v.a1);
    }
  }
}

template <unsigned bits>
void forward_levels_across(std::uint8_t* gathered) noexcept {
  to_novel_basis<bits, slice_bytes>(gathered);
  for (unsigned level = bits; level-- > 0;)
    level_across<true>(byte_tables(), gathered, level, bits);
}

template <unsigned bits>
void inverse_levels_across(std::uint8_t* gathered) noexcept {
  for (unsigned level = 0; level < bits; ++level)
    level_across<false>(byte_tables(), gathered, level, bits);
  to_powers<bits, slice_bytes>(gathered);
}

inline void forward_across(std::uint64_t* gathered, unsigned levels) {
  switch (levels) {
    case 4: return forward_levels_across<4>(octets(gathered));
    case 5: return forward_levels_across<5>(octets(gathered));
    case 6: return forward_levels_across<6>(octets(gathered));
    case 7: return forward_levels_across<7>(octets(gathered));
    default: return forward_levels_across<8>(octets(gathered));
  }
}

inline void inverse_across(std::uint64_t* gathered, unsigned levels) {
  switch (levels) {
    case 4: return inverse_levels_across<4>(octets(gathered));
    case 5: return inverse_levels_across<5>(octets(gathered));
    case 6: return inverse_levels_across<6>(octets(gathered));
    case 7: return inverse_levels_across<7>(octets(gathered));
    default: return inverse_levels_across<8>(octets(gathered));
  }
}

inline void dot_gathered(const std::uint64_t* const* windows, const std::uint64_t* const* inputs, std::size_t count,
                         std::size_t words, std::uint64_t* sum) {
  const __m512i d = _mm512_set1_epi8(static_cast<char>(byte_tables().d));
  for (std::size_t i = 0; i < 8 * words; i += 128) {
    const Pair s = dot_at(windows, inputs, count, i, 64, d);
    store(octets(sum) + i, s.a0);
    store(octets(sum) + i + 64, s.a1);
  }
}

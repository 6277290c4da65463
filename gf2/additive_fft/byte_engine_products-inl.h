// SPDX-License-Identifier: Apache-2.0
// The byte engine's products of spectra. Included by byte_engine.cpp between LIGHTSEED_BEGIN_TARGET and
// LIGHTSEED_END_TARGET, inside an unnamed namespace; therefore no include guard and no includes.

/// High byte of the carry-less product of two bytes, without tables or branches.
inline unsigned high_byte_of_product(unsigned a, unsigned b) noexcept {
  unsigned product = 0;
  for (unsigned i = 0; i < 8; ++i)
    product ^= (b >> i & 1U) * (a << i);
  return product >> 8;
}

inline constexpr std::size_t ahead = 2048;

inline void dot(const std::uint64_t* const* windows, const std::uint64_t* const* inputs, std::size_t count,
                std::size_t words, std::uint64_t* sum) {
  const __m512i d = _mm512_set1_epi8(static_cast<char>(byte_tables().d));
  for (std::size_t at = 0; at < 8 * words; at += pair_bytes) {
    Pair s{_mm512_setzero_si512(), _mm512_setzero_si512()};
    for (std::size_t k = 0; k < count; ++k) {
      const Pair x = load_pair(octets(windows[k]) + at), y = load_pair(octets(inputs[k]) + at);
      // Windows of many tiles come from main memory; what the processor fetches ahead by itself ends with the page.
      _mm_prefetch(octets(windows[k]) + at + ahead, _MM_HINT_T0);
      _mm_prefetch(octets(windows[k]) + at + ahead + 64, _MM_HINT_T0);
      const __m512i low = _mm512_gf2p8mul_epi8(x.a0, y.a0);
      const __m512i high = _mm512_gf2p8mul_epi8(x.a1, y.a1);
      const __m512i both = _mm512_gf2p8mul_epi8(_mm512_xor_si512(x.a0, x.a1), _mm512_xor_si512(y.a0, y.a1));
      s.a0 = add3(s.a0, low, _mm512_gf2p8mul_epi8(high, d));
      s.a1 = add3(s.a1, both, low);
    }
    store_pair(octets(sum) + at, s);
  }
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

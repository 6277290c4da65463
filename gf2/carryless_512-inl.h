// SPDX-License-Identifier: Apache-2.0
// Vectors of elements of 128 bits, four in each; otherwise as carryless_128-inl.h.

struct Vector {
  using type = __m512i;
  static constexpr std::size_t lanes = 4;

  static type load(const std::uint64_t* from) noexcept { return _mm512_loadu_si512(from); }
  static void store(std::uint64_t* to, type v) noexcept { _mm512_storeu_si512(to, v); }
  static type broadcast(const std::uint64_t* from) noexcept {
    return _mm512_broadcast_i64x2(_mm_loadu_si128(static_cast<const __m128i*>(static_cast<const void*>(from))));
  }
  static type zero() noexcept { return _mm512_setzero_si512(); }
  static type both_words(long long word) noexcept { return _mm512_set1_epi64(word); }
  static type add(type a, type b) noexcept { return _mm512_xor_si512(a, b); }
  static type add3(type a, type b, type c) noexcept { return _mm512_ternarylogic_epi64(a, b, c, 0x96); }
  static type up(type a) noexcept { return _mm512_bslli_epi128(a, 8); }
  template <int select>
  static type product(type a, type b) noexcept {
    return _mm512_clmulepi64_epi128(a, b, select);
  }
};

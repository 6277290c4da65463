// SPDX-License-Identifier: Apache-2.0
// carryless_128-inl.h on x86-64: PCLMULQDQ.

struct Vector {
  using type = __m128i;
  static constexpr std::size_t lanes = 1;

  static type load(const std::uint64_t* from) noexcept {
    return _mm_loadu_si128(static_cast<const __m128i*>(static_cast<const void*>(from)));
  }
  static void store(std::uint64_t* to, type v) noexcept {
    _mm_storeu_si128(static_cast<__m128i*>(static_cast<void*>(to)), v);
  }
  static type broadcast(const std::uint64_t* from) noexcept { return load(from); }
  static type zero() noexcept { return _mm_setzero_si128(); }
  static type both_words(long long word) noexcept { return _mm_set1_epi64x(word); }
  static type add(type a, type b) noexcept { return _mm_xor_si128(a, b); }
  static type add3(type a, type b, type c) noexcept { return add(add(a, b), c); }
  /// Each element moved up by a word.
  static type up(type a) noexcept { return _mm_slli_si128(a, 8); }
  static type down(type a) noexcept { return _mm_srli_si128(a, 8); }
  /// The low words of `a` and of `b`; the high ones.
  static type low_words(type a, type b) noexcept { return _mm_unpacklo_epi64(a, b); }
  static type high_words(type a, type b) noexcept { return _mm_unpackhi_epi64(a, b); }
  /// `x` in the low word, zero above it.
  static type word(std::uint64_t x) noexcept { return _mm_cvtsi64_si128(static_cast<long long>(x)); }
  static std::uint64_t low_word(type a) noexcept { return static_cast<std::uint64_t>(_mm_cvtsi128_si64(a)); }
  static std::uint64_t high_word(type a) noexcept { return low_word(high_words(a, a)); }
  /// Of each element the word selected: bit 0 of `a`, bit 4 of `b`.
  template <int select>
  static type product(type a, type b) noexcept {
    return _mm_clmulepi64_si128(a, b, select);
  }
};

// SPDX-License-Identifier: Apache-2.0
// Vectors of elements of 128 bits, two in each; otherwise as carryless_128-inl.h.

struct Vector {
  using type = __m256i;
  static constexpr std::size_t lanes = 2;

  static type load(const std::uint64_t* from) noexcept {
    return _mm256_loadu_si256(static_cast<const __m256i*>(static_cast<const void*>(from)));
  }
  static void store(std::uint64_t* to, type v) noexcept {
    _mm256_storeu_si256(static_cast<__m256i*>(static_cast<void*>(to)), v);
  }
  static type broadcast(const std::uint64_t* from) noexcept {
    return _mm256_broadcastsi128_si256(_mm_loadu_si128(static_cast<const __m128i*>(static_cast<const void*>(from))));
  }
  static type zero() noexcept { return _mm256_setzero_si256(); }
  static type both_words(long long word) noexcept { return _mm256_set1_epi64x(word); }
  static type add(type a, type b) noexcept { return _mm256_xor_si256(a, b); }
  static type add3(type a, type b, type c) noexcept { return add(add(a, b), c); }
  static type up(type a) noexcept { return _mm256_bslli_epi128(a, 8); }
  template <int select>
  static type product(type a, type b) noexcept {
    return _mm256_clmulepi64_epi128(a, b, select);
  }

  /// Elements 0 and 2 of the four in a, b; elements 1 and 3. Applied twice, they give a and b back.
  static type even(type a, type b) noexcept { return _mm256_permute2x128_si256(a, b, 0x20); }
  static type odd(type a, type b) noexcept { return _mm256_permute2x128_si256(a, b, 0x31); }
};

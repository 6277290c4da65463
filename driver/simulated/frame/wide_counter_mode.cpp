// SPDX-License-Identifier: Apache-2.0
#include "driver/simulated/frame/wide_counter_mode.h"

#include <cstring>

#if defined(__x86_64__) && defined(__GNUC__)
#include <cpuid.h>
#include <immintrin.h>
#endif

namespace lightseed::simulated {

#if defined(__x86_64__) && defined(__GNUC__)

namespace {

/// The next round's key from the one before (FIPS 197, 5.2): each word is the one before it and the one four before.
template <int constant>
__attribute__((target("aes,sse2"))) __m128i next_key(__m128i key) noexcept {
  const __m128i last = _mm_shuffle_epi32(_mm_aeskeygenassist_si128(key, constant), 0xff);
  key = _mm_xor_si128(key, _mm_slli_si128(key, 4));
  key = _mm_xor_si128(key, _mm_slli_si128(key, 8));
  return _mm_xor_si128(key, last);
}

__attribute__((target("aes,sse2"))) void expand(const std::byte* key, __m128i* keys) noexcept {
  std::memcpy(keys, key, sizeof *keys);
  keys[1] = next_key<0x01>(keys[0]);
  keys[2] = next_key<0x02>(keys[1]);
  keys[3] = next_key<0x04>(keys[2]);
  keys[4] = next_key<0x08>(keys[3]);
  keys[5] = next_key<0x10>(keys[4]);
  keys[6] = next_key<0x20>(keys[5]);
  keys[7] = next_key<0x40>(keys[6]);
  keys[8] = next_key<0x80>(keys[7]);
  keys[9] = next_key<0x1b>(keys[8]);
  keys[10] = next_key<0x36>(keys[9]);
}

/// Sixteen blocks at a time, two a register: eight do not wait for each other.
__attribute__((target("vaes,avx2"))) void encrypt(const __m128i* keys, std::size_t rounds, std::uint64_t counter,
                                                  std::byte* out, std::size_t times) noexcept {
  constexpr std::size_t registers = 8;
  // The counter is the upper half of a block, its highest byte first; the lower half stays nought.
  const __m256i order = _mm256_set_epi8(8, 9, 10, 11, 12, 13, 14, 15, 7, 6, 5, 4, 3, 2, 1, 0, 8, 9, 10, 11, 12, 13, 14,
                                        15, 7, 6, 5, 4, 3, 2, 1, 0);
  const __m256i two = _mm256_set_epi64x(2, 0, 2, 0);
  const auto first = static_cast<long long>(counter);
  __m256i counters = _mm256_set_epi64x(first + 1, 0, first, 0);
  const __m256i first_key = _mm256_broadcastsi128_si256(keys[0]);
  const __m256i last_key = _mm256_broadcastsi128_si256(keys[rounds]);
  for (; times > 0; --times, out += WideCounterMode::together) {
    __m256i x[registers];
#pragma GCC unroll 8
    for (std::size_t i = 0; i < registers; ++i) {
      x[i] = _mm256_xor_si256(_mm256_shuffle_epi8(counters, order), first_key);
      counters = _mm256_add_epi64(counters, two);
    }
    for (std::size_t round = 1; round < rounds; ++round) {
      const __m256i key = _mm256_broadcastsi128_si256(keys[round]);
#pragma GCC unroll 8
      for (std::size_t i = 0; i < registers; ++i)
        x[i] = _mm256_aesenc_epi128(x[i], key);
    }
#pragma GCC unroll 8
    for (std::size_t i = 0; i < registers; ++i) {
      x[i] = _mm256_aesenclast_epi128(x[i], last_key);
      std::memcpy(out + i * sizeof x[i], &x[i], sizeof x[i]);
    }
  }
}

}  // namespace

bool WideCounterMode::is_supported() noexcept {
  // Clang 14 does not know the name; leaf 7 says it in bit 9 of ECX.
  constexpr unsigned leaf = 7, bit = 9;
  unsigned a = 0, b = 0, c = 0, d = 0;
  return __builtin_cpu_supports("avx2") != 0 && __get_cpuid_count(leaf, 0, &a, &b, &c, &d) != 0 && (c >> bit & 1) != 0;
}

WideCounterMode::WideCounterMode(std::span<const std::byte, block> key) noexcept {
  __m128i keys[rounds + 1];
  expand(key.data(), keys);
  std::memcpy(keys_.data(), keys, sizeof keys);
}

void WideCounterMode::fill(std::byte* out, std::size_t times) noexcept {
  __m128i keys[rounds + 1];
  std::memcpy(keys, keys_.data(), sizeof keys);
  encrypt(keys, rounds, counter_, out, times);
  counter_ += times * (together / block);
}

#else

bool WideCounterMode::is_supported() noexcept {
  return false;
}

WideCounterMode::WideCounterMode(std::span<const std::byte, block>) noexcept {}

void WideCounterMode::fill(std::byte*, std::size_t) noexcept {}

#endif

}  // namespace lightseed::simulated

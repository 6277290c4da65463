// SPDX-License-Identifier: Apache-2.0
#include "gf2/cyclic/reverse_bits.h"

#include <algorithm>

#include "core/bit_order.h"
#include "gf2/vector128.h"

#if defined(LIGHTSEED_VECTOR128)
#include "gf2/intrinsics.h"

LIGHTSEED_BEGIN_TARGET(LIGHTSEED_VECTOR128)

namespace lightseed {
namespace {

#include "gf2/carryless_128-inl.h"

using V = Vector::type;

#if defined(__x86_64__)
/// Bytes by one shuffle, the bits of each by two more: the reversed nibbles are a table in a register.
V turned(V x) noexcept {
  const __m128i bytes = _mm_set_epi8(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15);
  const __m128i nibbles = _mm_set_epi8(15, 7, 11, 3, 13, 5, 9, 1, 14, 6, 10, 2, 12, 4, 8, 0);
  const __m128i low = _mm_set1_epi8(15);
  x = _mm_shuffle_epi8(x, bytes);
  const __m128i upper = _mm_shuffle_epi8(nibbles, _mm_and_si128(_mm_srli_epi16(x, 4), low));
  const __m128i lower = _mm_shuffle_epi8(nibbles, _mm_and_si128(x, low));
  return _mm_or_si128(upper, _mm_slli_epi16(lower, 4));
}
#else
/// NEON turns the bits of each byte, and the bytes of each word.
V turned(V x) noexcept {
  x = vreinterpretq_u64_u8(vrev64q_u8(vrbitq_u8(vreinterpretq_u8_u64(x))));
  return vextq_u64(x, x, 1);
}
#endif

/// Pairs of words from both ends. Returns how many words are done at each.
std::size_t turn_ends(std::span<std::uint64_t> words) noexcept {
  std::size_t done = 0;
  for (; 2 * done + 4 <= words.size(); done += 2) {
    std::uint64_t* const first = words.data() + done;
    std::uint64_t* const last = words.data() + words.size() - 2 - done;
    const V a = turned(Vector::load(first)), b = turned(Vector::load(last));
    Vector::store(first, b);
    Vector::store(last, a);
  }
  return done;
}

}  // namespace
}  // namespace lightseed

LIGHTSEED_END_TARGET
#endif

namespace lightseed {

void reverse_bits(std::span<std::uint64_t> words, std::size_t bits, Target target) noexcept {
  std::size_t done = 0;
#if defined(LIGHTSEED_VECTOR128)
  if (target != Target::portable) done = turn_ends(words);
#endif
  static_cast<void>(target);
  const std::span<std::uint64_t> middle = words.subspan(done, words.size() - 2 * done);
  std::ranges::reverse(middle);
  for (std::uint64_t& word : middle)
    word = reversed_bits(word);
  // What was above the bits lies below them now.
  const std::size_t shift = words.size() * 64 - bits;
  if (shift == 0) return;
  for (std::size_t i = 0; i + 1 < words.size(); ++i)
    words[i] = words[i] >> shift | words[i + 1] << (64 - shift);
  words.back() >>= shift;
}

}  // namespace lightseed

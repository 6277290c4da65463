// SPDX-License-Identifier: Apache-2.0
#include "core/bits.h"

#include <algorithm>
#include <bit>
#include <cstring>

namespace lightseed {

static_assert(std::endian::native == std::endian::little, "words and bytes are the same memory here");

namespace {

/// `count` (1–64) bits of `in` from bit `from`, in the low bits of a word.
std::uint64_t take(std::span<const std::uint64_t> in, std::size_t from, std::size_t count) noexcept {
  const std::size_t word = from / 64;
  const std::size_t shift = from % 64;
  std::uint64_t bits = in[word] >> shift;
  if (shift + count > 64) bits |= in[word + 1] << (64 - shift);
  return count == 64 ? bits : bits & ((std::uint64_t{1} << count) - 1);
}

/// Walks the output word by word: `put(word, mask, bits)` with the bits already in place under the mask. Whole words of
/// the output, all but the first and the last, go by loops the compiler can vectorise.
template <typename Put>
void transfer(std::span<const std::uint64_t> in, std::size_t from, std::size_t to, std::size_t count,
              Put put) noexcept {
  const auto part = [&](std::size_t step) {
    const std::uint64_t ones = step == 64 ? ~std::uint64_t{0} : (std::uint64_t{1} << step) - 1;
    put(to / 64, ones << to % 64, take(in, from, step) << to % 64);
    from += step;
    to += step;
    count -= step;
  };
  if (to % 64 != 0 && count > 0) part(std::min(count, 64 - to % 64));
  const std::size_t whole = count / 64;
  const std::uint64_t* const words = in.data() + from / 64;
  const std::size_t first = to / 64;
  if (const std::size_t shift = from % 64; shift == 0) {
    for (std::size_t i = 0; i < whole; ++i)
      put(first + i, ~std::uint64_t{0}, words[i]);
  } else {
    for (std::size_t i = 0; i < whole; ++i)
      put(first + i, ~std::uint64_t{0}, words[i] >> shift | words[i + 1] << (64 - shift));
  }
  from += whole * 64;
  to += whole * 64;
  count -= whole * 64;
  if (count > 0) part(count);
}

}  // namespace

void copy_bits(std::span<const std::uint64_t> in, std::size_t from, std::span<std::uint64_t> out, std::size_t to,
               std::size_t count) noexcept {
  std::uint64_t* const to_words = out.data();
  transfer(in, from, to, count, [to_words](std::size_t word, std::uint64_t mask, std::uint64_t bits) {
    to_words[word] = (to_words[word] & ~mask) | bits;
  });
}

void xor_bits(std::span<const std::uint64_t> in, std::size_t from, std::span<std::uint64_t> out, std::size_t to,
              std::size_t count) noexcept {
  std::uint64_t* const to_words = out.data();
  transfer(in, from, to, count,
           [to_words](std::size_t word, std::uint64_t, std::uint64_t bits) { to_words[word] ^= bits; });
}

void words_from_bytes(std::span<const std::byte> in, std::span<std::uint64_t> out) noexcept {
  if (in.empty()) return;
  out[(in.size() - 1) / 8] = 0;
  std::memcpy(out.data(), in.data(), in.size());
}

void bytes_from_words(std::span<const std::uint64_t> in, std::span<std::byte> out) noexcept {
  if (!out.empty()) std::memcpy(out.data(), in.data(), out.size());
}

}  // namespace lightseed

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

/// Walks the output word by word: `put(word, mask, bits)` with the bits already in place under the mask.
template <typename Put>
void transfer(std::span<const std::uint64_t> in, std::size_t from, std::size_t to, std::size_t count,
              Put put) noexcept {
  while (count > 0) {
    const std::size_t shift = to % 64;
    const std::size_t step = std::min(count, 64 - shift);
    const std::uint64_t ones = step == 64 ? ~std::uint64_t{0} : (std::uint64_t{1} << step) - 1;
    put(to / 64, ones << shift, take(in, from, step) << shift);
    from += step;
    to += step;
    count -= step;
  }
}

}  // namespace

void copy_bits(std::span<const std::uint64_t> in, std::size_t from, std::span<std::uint64_t> out, std::size_t to,
               std::size_t count) noexcept {
  transfer(in, from, to, count,
           [&](std::size_t word, std::uint64_t mask, std::uint64_t bits) { out[word] = (out[word] & ~mask) | bits; });
}

void xor_bits(std::span<const std::uint64_t> in, std::size_t from, std::span<std::uint64_t> out, std::size_t to,
              std::size_t count) noexcept {
  transfer(in, from, to, count, [&](std::size_t word, std::uint64_t, std::uint64_t bits) { out[word] ^= bits; });
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

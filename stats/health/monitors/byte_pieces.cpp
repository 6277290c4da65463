// SPDX-License-Identifier: Apache-2.0
#include "stats/health/monitors/byte_pieces.h"

#include <algorithm>
#include <cstring>

#include "core/clones.h"

namespace lightseed::health {
namespace {

/// Any odd constants do; SplitMix64's (Steele, Lea and Flood 2014), whole and in halves.
constexpr std::uint64_t odd = 0x9e3779b97f4a7c15;
constexpr std::uint32_t odd_low = 0x7f4a7c15, odd_high = 0x94d049bb;
constexpr unsigned hash_shift = 32 - 10;  ///< one place in 1,024 is an end

using Fours = std::uint32_t __attribute__((vector_size(32)));

/// The bytes from `first` on, eight of them, end a piece.
inline bool is_end(const std::uint8_t* first) {
  std::uint32_t low = 0, high = 0;
  std::memcpy(&low, first, sizeof low);
  std::memcpy(&high, first + sizeof low, sizeof high);
  return (low * odd_low + high * odd_high) >> hash_shift == 0;
}

/// Of the places first to first + count - 1 those at which eight bytes begin that end a piece, to `found`; returns how
/// many. Loads that begin a byte apart hold all words of four bytes: 32 places are four pairs of them.
LIGHTSEED_CLONES("avx2")
std::size_t ends_among(const std::uint8_t* first, std::size_t count, std::uint16_t* found) {
  constexpr std::size_t together = 64;
  std::size_t n = 0, i = 0;
  for (; i + together <= count; i += together) {
    Fours any{};
    for (std::size_t half = 0; half < together; half += sizeof(Fours)) {
      for (std::size_t k = 0; k < 4; ++k) {
        Fours low, high;
        std::memcpy(&low, first + i + half + k, sizeof low);
        std::memcpy(&high, first + i + half + k + 4, sizeof high);
        any |= reinterpret_cast<Fours>((low * odd_low + high * odd_high) >> hash_shift == 0);
      }
    }
    std::uint64_t words[4];
    std::memcpy(words, &any, sizeof words);
    if ((words[0] | words[1] | words[2] | words[3]) == 0) [[likely]]
      continue;
    // A lane has four places that follow each other of either half.
    for (std::size_t half = 0; half < together; half += sizeof(Fours)) {
      for (std::size_t lane = 0; lane < sizeof(Fours) / 4; ++lane) {
        if (any[lane] == 0) continue;
        for (std::size_t j = i + half + 4 * lane; j < i + half + 4 * lane + 4; ++j)
          if (is_end(first + j)) found[n++] = static_cast<std::uint16_t>(j);
      }
    }
  }
  for (; i < count; ++i)
    if (is_end(first + i)) found[n++] = static_cast<std::uint16_t>(i);
  return n;
}

/// A step for each of four words: nothing is lost of a sum, and words that differ make sums that differ.
inline void mix(std::array<std::uint64_t, 4>& sums, const std::uint8_t* bytes) {
  for (std::size_t j = 0; j < 4; ++j) {
    std::uint64_t word = 0;
    std::memcpy(&word, bytes + 8 * j, sizeof word);
    sums[j] = (sums[j] ^ word) * odd;
    sums[j] ^= sums[j] >> 32;
  }
}

}  // namespace

void BytePieces::forget() {
  before_.fill(0);
  sums_.fill(0);
  length_ = 0;
}

std::span<const std::uint16_t> BytePieces::find_ends(std::span<const std::uint8_t> bytes) {
  // The first seven places look back at the bytes of before.
  constexpr std::size_t back = window - 1;
  std::array<std::uint8_t, 2 * back> seam{};
  std::copy(before_.begin(), before_.end(), seam.begin());
  const std::size_t first = std::min(bytes.size(), back);
  std::copy_n(bytes.begin(), first, seam.begin() + back);
  const std::size_t at_seam = ends_among(seam.data(), first, ends_.data());
  std::size_t count = at_seam;
  if (bytes.size() > back) count += ends_among(bytes.data(), bytes.size() - back, ends_.data() + at_seam);
  // From where eight bytes begin to one behind them; at the seam they began seven before.
  for (std::size_t i = 0; i < count; ++i)
    ends_[i] = static_cast<std::uint16_t>(ends_[i] + (i < at_seam ? 1 : window));
  return std::span(ends_).first(count);
}

void BytePieces::remember(std::span<const std::uint8_t> bytes) {
  const std::size_t count = std::min(bytes.size(), before_.size());
  std::copy(before_.begin() + static_cast<std::ptrdiff_t>(count), before_.end(), before_.begin());
  std::copy(bytes.end() - static_cast<std::ptrdiff_t>(count), bytes.end(),
            before_.end() - static_cast<std::ptrdiff_t>(count));
}

void BytePieces::add(std::span<const std::uint8_t> bytes) {
  if (bytes.empty()) return;
  std::size_t filled = length_ % block;
  length_ += bytes.size();
  if (filled > 0) {
    const std::size_t part = std::min(bytes.size(), block - filled);
    std::copy_n(bytes.begin(), part, rest_.begin() + static_cast<std::ptrdiff_t>(filled));
    bytes = bytes.subspan(part);
    filled += part;
    if (filled < block) return;
    mix(sums_, rest_.data());
  }
  std::array<std::uint64_t, 4> sums = sums_;  // bytes might be those of sums_, for all the compiler knows
  for (; bytes.size() >= block; bytes = bytes.subspan(block))
    mix(sums, bytes.data());
  sums_ = sums;
  std::copy(bytes.begin(), bytes.end(), rest_.begin());
}

BytePieces::Piece BytePieces::end_piece() {
  if (const std::size_t filled = length_ % block; filled > 0) {
    std::fill(rest_.begin() + static_cast<std::ptrdiff_t>(filled), rest_.end(), std::uint8_t{0});
    mix(sums_, rest_.data());
  }
  Piece piece{.hash = length_, .length = length_};
  for (const std::uint64_t sum : sums_)
    piece.hash = (piece.hash ^ sum) * odd + (piece.hash >> 29);
  sums_.fill(0);
  length_ = 0;
  return piece;
}

}  // namespace lightseed::health

// SPDX-License-Identifier: Apache-2.0
#include "stats/sequence/linear_complexity.h"

#include <algorithm>
#include <array>
#include <utility>

#include "stats/sequence/clones.h"

namespace lightseed::stats {
namespace {

constexpr std::size_t lane_words = 4;
constexpr std::size_t lanes = 64 * lane_words;
constexpr std::size_t planes = 16;  ///< of a signed number in every lane, enough for blocks of 30000 bits

/// One bit of 256 blocks. Loops run over its words innermost, which the compiler turns into vector instructions.
struct alignas(8 * lane_words) Lanes {
  std::array<std::uint64_t, lane_words> word{};

  std::uint64_t& operator[](std::size_t k) { return word[k]; }
  std::uint64_t operator[](std::size_t k) const { return word[k]; }
};

/// Swaps rows and columns of 64 words of 64 bits: row i's bit j becomes row j's bit i.
LIGHTSEED_INLINE void transpose(std::array<std::uint64_t, 64>& rows) {
  std::uint64_t mask = 0x00000000ffffffff;
  for (unsigned width = 32; width != 0; width /= 2, mask ^= mask << width) {
    for (unsigned i = 0; i < 64; i = (i + width + 1) & ~width) {
      const std::uint64_t swap = (rows[i] >> width ^ rows[i + width]) & mask;
      rows[i] ^= swap << width;
      rows[i + width] ^= swap;
    }
  }
}

/// The bits of `count` blocks from `first` on: result[i] holds bit i of every block.
void load(const BitString& bits, std::size_t block, std::size_t first, std::size_t count, std::vector<Lanes>& result) {
  std::array<std::uint64_t, 64> rows;
  for (std::size_t group = 0; group < lane_words; ++group) {
    for (std::size_t at = 0; at < block; at += 64) {
      for (std::size_t row = 0; row < 64; ++row) {
        const std::size_t which = 64 * group + row;
        rows[row] = which < count ? bits.window((first + which) * block + at) : 0;
      }
      transpose(rows);
      for (std::size_t i = at; i < std::min(at + 64, block); ++i)
        result[i][group] = rows[i - at];
    }
  }
}

/// State of 256 registers. With E = N - 2L after N bits, the register may grow where E >= 0; growing makes it the
/// complement of E, not growing E + 1 (in two's complement: -E - 1, because L becomes N + 1 - L while N counts on).
class Registers {
 public:
  explicit Registers(std::size_t block)
      : connection_(block + 2), before_(2 * block + 4), base_(block + 1), excess_(planes) {
    connection_[0].word.fill(~std::uint64_t{0});
    before_[base_].word.fill(~std::uint64_t{0});
  }

  /// `bits` has one more element than the block has bits.
  LIGHTSEED_INLINE void step(const std::vector<Lanes>& bits, std::size_t n) {
    // No register is longer than half of what came, by more than the largest |E|.
    if (n % 8 == 0) spread_ = largest_excess() + 8;
    const std::size_t top = std::min(n + 1, (n + 2 + spread_) / 2 + 1);
    const Lanes discrepancy = n == 0 ? bits[0] : next_;
    --base_;  // the polynomial from before the last change, times x
    before_[base_] = {};
    Lanes change;
    for (std::size_t k = 0; k < lane_words; ++k)
      change[k] = discrepancy[k] & ~excess_[planes - 1][k];
    Lanes* __restrict const now = connection_.data();
    Lanes* __restrict const old = before_.data() + base_;
    // The new polynomials' discrepancies at the next bit, while their coefficients are at hand.
    const Lanes* const s = bits.data() + n + 1;
    Lanes sum;
    for (std::size_t j = 0; j <= top; ++j) {
      for (std::size_t k = 0; k < lane_words; ++k) {
        const std::uint64_t was = now[j].word[k];
        const std::uint64_t earlier = old[j].word[k];
        const std::uint64_t is = was ^ (discrepancy.word[k] & earlier);
        now[j].word[k] = is;
        sum.word[k] ^= is & (s - j)->word[k];
        old[j].word[k] = earlier ^ (change.word[k] & (earlier ^ was));
      }
    }
    next_ = sum;
    count_on(change);
  }

  [[nodiscard]] std::uint32_t length(std::size_t lane, std::size_t n) const {
    std::int32_t excess = 0;
    for (std::size_t k = 0; k < planes; ++k) {
      const auto bit = static_cast<std::int32_t>(excess_[k][lane / 64] >> (lane % 64) & 1);
      excess += k + 1 == planes ? -(bit << k) : bit << k;
    }
    return static_cast<std::uint32_t>((static_cast<std::int32_t>(n) - excess) / 2);
  }

 private:
  std::vector<Lanes> connection_;
  std::vector<Lanes> before_;  ///< from base_ on; moving the base multiplies by x
  std::size_t base_;
  std::vector<Lanes> excess_;  ///< E, lowest bit first
  std::size_t spread_ = 0;
  Lanes next_{};  ///< discrepancies at the bit that comes next

  /// E + 1, and its complement where the register changes.
  LIGHTSEED_INLINE void count_on(const Lanes& change) {
    Lanes carry;
    for (std::size_t k = 0; k < lane_words; ++k)
      carry[k] = ~change[k];
    for (std::size_t plane = 0; plane < planes; ++plane) {
      for (std::size_t k = 0; k < lane_words; ++k) {
        const std::uint64_t was = excess_[plane].word[k];
        excess_[plane].word[k] = was ^ carry.word[k] ^ change.word[k];
        carry.word[k] &= was;
      }
    }
  }

  [[nodiscard]] LIGHTSEED_INLINE std::size_t largest_excess() const {
    const Lanes& sign = excess_[planes - 1];
    for (std::size_t plane = planes - 1; plane-- > 0;) {
      for (std::size_t k = 0; k < lane_words; ++k) {
        if (excess_[plane][k] != sign[k]) return std::size_t{2} << plane;
      }
    }
    return 1;
  }
};

LIGHTSEED_WIDE void run(Registers& registers, const std::vector<Lanes>& bits, std::size_t block) {
  for (std::size_t n = 0; n < block; ++n)
    registers.step(bits, n);
}

}  // namespace

std::vector<std::uint32_t> linear_complexities(const BitString& bits, std::size_t block) {
  const std::size_t blocks = bits.size() / block;
  std::vector<std::uint32_t> lengths(blocks);
  std::vector<Lanes> input(block + 1);  // one behind the last, which nobody is judged by
  for (std::size_t first = 0; first < blocks; first += lanes) {
    const std::size_t count = std::min(lanes, blocks - first);
    load(bits, block, first, count, input);
    Registers registers(block);
    run(registers, input, block);
    for (std::size_t lane = 0; lane < count; ++lane)
      lengths[first + lane] = registers.length(lane, block);
  }
  return lengths;
}

}  // namespace lightseed::stats

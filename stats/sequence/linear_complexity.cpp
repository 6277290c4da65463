// SPDX-License-Identifier: Apache-2.0
#include "stats/sequence/linear_complexity.h"

#include <algorithm>
#include <array>
#include <utility>

#include "core/clones.h"

namespace lightseed::stats {
namespace {

constexpr std::size_t lane_words = 4;
constexpr std::size_t blocks_at_once = 64 * lane_words;
constexpr std::size_t planes = 16;  ///< of a signed number in every lane, enough for blocks of 30000 bits

/// One bit of 256 blocks: one register, or as few as the processor needs.
struct alignas(8 * lane_words) Lanes {
  std::uint64_t word __attribute__((vector_size(8 * lane_words))) = {};

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
        result[i].word[group] = rows[i - at];
    }
  }
}

/// State of 256 registers. With E = N - 2L after N bits, the register may grow where E >= 0; growing makes it the
/// complement of E, not growing E + 1 (in two's complement: -E - 1, because L becomes N + 1 - L while N counts on).
///
/// What takes the time is to read and write the polynomials, so two bits are taken at once. The discrepancy at the
/// first is known beforehand. That at the second is the one of the polynomial C as it was, plus, where the first
/// discrepancy is one, the one of x B, whose discrepancy at a bit is B's at the bit before. So three sums, gathered
/// while the coefficients are at hand, tell all of the next two bits: C's at the first and the second, and B's at the
/// first.
class Registers {
 public:
  explicit Registers(std::size_t block) : c_(block + 2), b_(block + 2), excess_(planes) {
    c_[0].word = ~c_[0].word;
    b_[0].word = ~b_[0].word;
  }

  /// Takes bits 0 to `block` - 1. `bits` has one element more.
  LIGHTSEED_INLINE void run(const std::vector<Lanes>& bits, std::size_t block) {
    Sums sums{.first = bits[0], .second = bits[1], .before = bits[0]};
    for (std::size_t n = 0; n < block; n += 2) {
      // No register is longer than half of what came, by more than the largest |E|.
      if (n % 8 == 0) spread_ = largest_excess() + 8;
      Step first{.discrepancy = sums.first};
      take(first);
      if (n + 1 == block) return;
      Step second{.discrepancy = {sums.second.word ^ (first.discrepancy.word & sums.before.word)}};
      take(second);
      if (n + 2 < block) update(bits, n, first, second, sums);
    }
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
  /// Discrepancies: of C at the next bit and the one behind it, of B at the next bit.
  struct Sums {
    Lanes first;
    Lanes second;
    Lanes before;
  };
  /// What a bit does to the polynomials: C += x B where the discrepancy is one; B becomes C where the register changes
  /// its length, else x B.
  struct Step {
    Lanes discrepancy;
    Lanes change{};
  };

  std::vector<Lanes> c_;
  std::vector<Lanes> b_;
  std::vector<Lanes> excess_;  ///< E, lowest bit first
  std::size_t spread_ = 0;

  /// Which registers change, and what becomes of E: E + 1, and its complement where the register changes.
  LIGHTSEED_INLINE void take(Step& step) {
    step.change.word = step.discrepancy.word & ~excess_[planes - 1].word;
    Lanes carry{~step.change.word};
    for (Lanes& plane : excess_) {
      const Lanes was = plane;
      plane.word = was.word ^ carry.word ^ step.change.word;
      carry.word &= was.word;
    }
  }

  /// Both polynomials after bits n and n + 1, and their discrepancies at the two that follow.
  LIGHTSEED_INLINE void update(const std::vector<Lanes>& bits, std::size_t n, const Step& first, const Step& second,
                               Sums& sums) {
    const std::size_t top = std::min(n + 2, (n + 3 + spread_) / 2 + 1);
    Lanes* __restrict const c = c_.data();
    Lanes* __restrict const b = b_.data();
    const Lanes* const s = bits.data() + n + 2;
    sums = {};
    Lanes x_b;           // coefficient j of x B
    Lanes x_middle;      // of x times what B is after bit n
    Lanes ahead = s[1];  // bit n + 3 - j
    for (std::size_t j = 0; j <= top; ++j) {
      const Lanes c_was = c[j];
      const Lanes bit = *(s - j);
      const Lanes c_middle{c_was.word ^ (first.discrepancy.word & x_b.word)};
      const Lanes c_is{c_middle.word ^ (second.discrepancy.word & x_middle.word)};
      const Lanes b_is{x_middle.word ^ (second.change.word & (x_middle.word ^ c_middle.word))};
      x_middle.word = x_b.word ^ (first.change.word & (x_b.word ^ c_was.word));
      x_b = b[j];
      c[j] = c_is;
      b[j] = b_is;
      sums.first.word ^= c_is.word & bit.word;
      sums.second.word ^= c_is.word & ahead.word;
      sums.before.word ^= b_is.word & bit.word;
      ahead = bit;
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
  registers.run(bits, block);
}

}  // namespace

std::vector<std::uint32_t> linear_complexities(const BitString& bits, std::size_t block) {
  const std::size_t blocks = bits.size() / block;
  std::vector<std::uint32_t> lengths(blocks);
  std::vector<Lanes> input(block + 1);  // one behind the last, which nobody is judged by
  for (std::size_t first = 0; first < blocks; first += blocks_at_once) {
    const std::size_t count = std::min(blocks_at_once, blocks - first);
    load(bits, block, first, count, input);
    Registers registers(block);
    run(registers, input, block);
    for (std::size_t lane = 0; lane < count; ++lane)
      lengths[first + lane] = registers.length(lane, block);
  }
  return lengths;
}

}  // namespace lightseed::stats

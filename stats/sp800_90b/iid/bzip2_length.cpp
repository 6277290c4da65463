// SPDX-License-Identifier: Apache-2.0
#include "stats/sp800_90b/iid/bzip2_length.h"

#include <bzlib.h>
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <bit>
#include <string>
#include <utility>
#include <vector>

#include "core/error.h"
#include "stats/sp800_90b/iid/decimal_text.h"

namespace lightseed::sp800_90b {
namespace {

// What the format and its encoder fix.
constexpr int level = 5;  // as NIST's tool calls it
constexpr std::size_t block_characters = 100'000 * level - 19;
constexpr unsigned most_symbols = 13;  // ten digits and the blank, two for runs, less one, end of block
constexpr unsigned most_tables = 6;
constexpr unsigned group_length = 50;                   // symbols coded with one table
constexpr unsigned passes = 4;                          // of fitting tables to groups
constexpr std::uint64_t stream_bits = 32 + 48 + 32;     // header; end mark and checksum
constexpr std::uint64_t block_bits = 48 + 32 + 1 + 24;  // mark, checksum, flag, origin

using Counts = std::array<std::uint32_t, most_symbols>;
using Lengths = std::array<std::uint8_t, most_symbols>;

/// Move-to-front places as they are coded: runs of place 0 in digits 0 and 1, place j as j+1, the end last.
struct Coded {
  std::vector<std::uint8_t> symbols;
  unsigned alphabet = 0;
};

void code_run(std::uint64_t length, std::vector<std::uint8_t>& out) {
  for (; length > 0; length = (length - 1) / 2)
    out.push_back(static_cast<std::uint8_t>((length - 1) % 2));
}

void move_to_front(const DecimalText::Block& block, Coded& coded) {
  constexpr std::uint64_t ones = 0x1111111111111111;
  coded.symbols.clear();
  coded.alphabet = static_cast<unsigned>(block.symbols.size()) + 2;
  // The list of at most eleven symbols is a word of nibbles, its front lowest; above it nothing is ever found.
  std::uint64_t list = 0xFEDCBA9876543210;
  std::uint64_t run = 0;
  for (const std::uint8_t symbol : block.last) {
    const std::uint64_t differ = list ^ symbol * ones;
    const std::uint64_t found = (differ - ones) & ~differ & 8 * ones;
    const unsigned at = static_cast<unsigned>(std::countr_zero(found)) & ~3U;
    if (at == 0) {
      ++run;
      continue;
    }
    code_run(std::exchange(run, 0), coded.symbols);
    coded.symbols.push_back(static_cast<std::uint8_t>(at / 4 + 1));
    const std::uint64_t in_front = (std::uint64_t{1} << at) - 1;
    list = (list & ~(in_front << 4 | 15)) | (list & in_front) << 4 | symbol;
  }
  code_run(run, coded.symbols);
  coded.symbols.push_back(static_cast<std::uint8_t>(coded.alphabet - 1));
}

/// Huffman code lengths. Equal weights are common and the encoder's choice among them decides lengths, so this keeps
/// its heap: weights with the depth of the tree in their low byte, strict comparisons, both children replaced one
/// after the other.
class HuffmanTree {
 public:
  /// The encoder's limit of 17 bits is out of reach: 13 symbols need 12 at most.
  Lengths lengths(const Counts& counts, unsigned alphabet) {
    for (unsigned i = 0; i < alphabet; ++i)
      weight_[i] = std::max(counts[i], 1U) << 8;
    grow(alphabet);
    Lengths result{};
    for (unsigned i = 0; i < alphabet; ++i) {
      for (unsigned node = i; parent_[node] != none; node = parent_[node])
        ++result[i];
    }
    return result;
  }

 private:
  static constexpr std::uint8_t none = 255;
  std::array<std::uint32_t, 2 * most_symbols> weight_{};
  std::array<std::uint8_t, 2 * most_symbols> parent_{};
  std::array<std::uint8_t, most_symbols + 2> heap_{};  // from place 1 on
  unsigned size_ = 0;

  void grow(unsigned alphabet) {
    size_ = 0;
    for (unsigned i = 0; i < alphabet; ++i)
      push(static_cast<std::uint8_t>(i));
    for (unsigned node = alphabet; size_ > 1; ++node) {
      const std::uint8_t a = pop();
      const std::uint8_t b = pop();
      parent_[a] = parent_[b] = static_cast<std::uint8_t>(node);
      weight_[node] = (weight_[a] & ~255U) + (weight_[b] & ~255U) + 1 + std::max(weight_[a] & 255, weight_[b] & 255);
      push(static_cast<std::uint8_t>(node));
    }
  }

  void push(std::uint8_t node) {
    parent_[node] = none;
    unsigned at = ++size_;
    for (; at > 1 && weight_[node] < weight_[heap_[at / 2]]; at /= 2)
      heap_[at] = heap_[at / 2];
    heap_[at] = node;
  }

  std::uint8_t pop() {
    const std::uint8_t top = heap_[1];
    const std::uint8_t moved = heap_[size_--];
    unsigned at = 1;
    for (unsigned child = 2; child <= size_; child = 2 * at) {
      if (child < size_ && weight_[heap_[child + 1]] < weight_[heap_[child]]) ++child;
      if (weight_[moved] < weight_[heap_[child]]) break;
      heap_[at] = heap_[child];
      at = child;
    }
    heap_[at] = moved;
    return top;
  }
};

/// The tables a block starts from: each symbol is cheap in one of them, frequencies shared out evenly.
std::array<Lengths, most_tables> first_tables(const Counts& counts, std::uint64_t total, unsigned alphabet,
                                              unsigned tables) {
  constexpr std::uint8_t dear = 15;
  std::array<Lengths, most_tables> lengths{};
  unsigned begin = 0;
  for (unsigned left = tables; left > 0; --left) {
    const std::uint64_t share = total / left;
    std::uint64_t sum = 0;
    unsigned end = begin;
    while (sum < share && end < alphabet)
      sum += counts[end++];
    // Every second table in the middle gives its last symbol to the next one.
    if (end > begin + 1 && left != tables && left != 1 && (tables - left) % 2 == 1) sum -= counts[--end];
    for (unsigned symbol = 0; symbol < alphabet; ++symbol)
      lengths[left - 1][symbol] = symbol >= begin && symbol < end ? 0 : dear;
    begin = end;
    total -= sum;
  }
  return lengths;
}

unsigned tables_for(std::size_t symbols) {
  return symbols < 200 ? 2 : symbols < 600 ? 3 : symbols < 1200 ? 4 : symbols < 2400 ? 5 : most_tables;
}

/// Bits of a block's selectors, tables and symbols.
std::uint64_t coded_bits(const Coded& coded) {
  const std::size_t groups = (coded.symbols.size() + group_length - 1) / group_length;
  std::vector<std::array<std::uint8_t, 16>> histograms(groups);
  for (std::size_t i = 0; i < coded.symbols.size(); ++i)
    ++histograms[i / group_length][coded.symbols[i]];
  Counts counts{};
  for (const auto& histogram : histograms) {
    for (unsigned symbol = 0; symbol < most_symbols; ++symbol)
      counts[symbol] += histogram[symbol];
  }
  const unsigned tables = tables_for(coded.symbols.size());
  auto lengths = first_tables(counts, coded.symbols.size(), coded.alphabet, tables);

  HuffmanTree tree;
  std::vector<std::uint8_t> selectors(groups);
  std::array<Counts, most_tables> of_table{};
  for (unsigned pass = 0; pass < passes; ++pass) {
    // The costs of all six tables in one word: a group costs 50 times 17 bits at most, which ten bits hold.
    std::array<std::uint64_t, most_symbols> costs{};
    for (unsigned symbol = 0; symbol < coded.alphabet; ++symbol) {
      for (unsigned table = 0; table < tables; ++table)
        costs[symbol] |= std::uint64_t{lengths[table][symbol]} << 10 * table;
    }
    of_table = {};
    for (std::size_t group = 0; group < groups; ++group) {
      std::uint64_t all = 0;
      for (unsigned symbol = 0; symbol < coded.alphabet; ++symbol)
        all += histograms[group][symbol] * costs[symbol];
      unsigned best = 0;
      for (unsigned table = 1; table < tables; ++table) {
        if ((all >> 10 * table & 1023) < (all >> 10 * best & 1023)) best = table;
      }
      selectors[group] = static_cast<std::uint8_t>(best);
      for (unsigned symbol = 0; symbol < most_symbols; ++symbol)
        of_table[best][symbol] += histograms[group][symbol];
    }
    for (unsigned table = 0; table < tables; ++table)
      lengths[table] = tree.lengths(of_table[table], coded.alphabet);
  }

  std::uint64_t bits = 3 + 15;  // numbers of tables and selectors
  std::array<std::uint8_t, most_tables> recent{0, 1, 2, 3, 4, 5};
  for (const std::uint8_t selector : selectors) {
    const auto at = std::find(recent.begin(), recent.end(), selector);
    bits += static_cast<std::uint64_t>(at - recent.begin()) + 1;
    std::rotate(recent.begin(), at, at + 1);
  }
  for (unsigned table = 0; table < tables; ++table) {
    bits += 5;
    int length = lengths[table][0];
    for (unsigned symbol = 0; symbol < coded.alphabet; ++symbol) {
      const int step = std::abs(lengths[table][symbol] - std::exchange(length, lengths[table][symbol]));
      bits += 2 * static_cast<unsigned>(step) + 1;
      bits += std::uint64_t{of_table[table][symbol]} * lengths[table][symbol];
    }
  }
  return bits;
}

/// Which characters come: a bit for each range of sixteen, and sixteen for each range in use.
std::uint64_t map_bits(const DecimalText::Block& block) {
  std::uint64_t ranges = 0;
  for (const std::uint8_t symbol : block.symbols)
    ranges |= std::uint64_t{1} << symbol / 16;
  return 16 + 16 * static_cast<std::uint64_t>(std::popcount(ranges));
}

}  // namespace

std::uint64_t bzip2_length(std::span<const std::uint8_t> samples) {
  DecimalText text(samples);
  DecimalText::Block block;
  Coded coded;
  std::uint64_t bits = stream_bits;
  while (text.next(block_characters, block)) {
    if (block.last.empty()) return bzip2_length_by_library(samples);
    move_to_front(block, coded);
    bits += block_bits + map_bits(block) + coded_bits(coded);
  }
  return (bits + 7) / 8;
}

std::uint64_t bzip2_length_by_library(std::span<const std::uint8_t> samples) {
  std::string text = DecimalText(samples).text();
  auto size = static_cast<unsigned>(text.size() + text.size() / 100 + 601);  // bzip2's own bound
  std::vector<char> out(size);
  const int result =
      BZ2_bzBuffToBuffCompress(out.data(), &size, text.data(), static_cast<unsigned>(text.size()), level, 0, 0);
  if (result != BZ_OK) throw Error(Category::io, fmt::format("bzip2 failed with code {}", result));
  return size;
}

}  // namespace lightseed::sp800_90b

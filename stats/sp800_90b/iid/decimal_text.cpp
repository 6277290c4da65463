// SPDX-License-Identifier: Apache-2.0
#include "stats/sp800_90b/iid/decimal_text.h"

#include <algorithm>
#include <bit>
#include <utility>

namespace lightseed::sp800_90b {
namespace {

/// 0 … 255 with their blanks.
const std::array<std::string, 256>& numbers() {
  static const auto all = [] {
    std::array<std::string, 256> result;
    for (std::size_t value = 0; value < result.size(); ++value)
      result[value] = std::to_string(value) + ' ';
    return result;
  }();
  return all;
}

/// Shorter blocks, which may hold no whole number, are left to others.
constexpr std::size_t fewest_characters = 64;

/// Thrown out of a sort whose comparisons look too far ahead.
struct TooAlike {};

}  // namespace

std::string DecimalText::text() const {
  std::string result;
  for (const std::uint8_t sample : samples_)
    result += numbers()[sample];
  if (!result.empty()) result.pop_back();
  return result;
}

/// Moves to the end of the block that begins here, and returns its length in characters.
///
/// bzip2 takes equal characters together. A block is full after the first such run that reaches its size; a single
/// character left over at the very end still goes in.
std::size_t DecimalText::cut(std::size_t size) {
  std::size_t length = 0;
  const std::size_t last = samples_.size() - 1;
  while (sample_ <= last) {
    const std::string& number = numbers()[samples_[sample_]];
    const std::size_t end = number.size() - (sample_ == last ? 1 : 0);  // no blank behind the last number
    if (offset_ == 0 && length + end < size) {
      length += end;
      ++sample_;
      continue;
    }
    while (offset_ < end) {
      const std::size_t begin = offset_;
      while (offset_ < end && number[offset_] == number[begin])
        ++offset_;
      length += offset_ - begin;
      if (length < size) continue;
      if (sample_ == last && end - offset_ == 1) {
        ++length;
        ++offset_;
      }
      break;
    }
    if (offset_ == end) {
      offset_ = 0;
      ++sample_;
    }
    if (length >= size) break;
  }
  // Right behind the text's last digit there may be room for one more: a number of one digit after a full block.
  if (length >= size && sample_ == last && offset_ == 0 && numbers()[samples_[last]].size() == 2) {
    ++length;
    ++sample_;
  }
  return length;
}

/// The block as a ring of numbers, each with its blank.
void DecimalText::make_ring(std::size_t first_sample, std::size_t first_offset, std::size_t length) {
  // Where the block begins and ends inside a number, or ends without a blank, the ends make one number together.
  std::string joined;
  std::size_t sample = first_sample;
  std::size_t left = length;
  std::string head;
  if (first_offset > 0) {
    head = numbers()[samples_[sample]].substr(first_offset);
    left -= head.size();
    ++sample;
  }
  const std::size_t from = sample;
  while (sample < samples_.size() && left >= numbers()[samples_[sample]].size()) {
    left -= numbers()[samples_[sample]].size();
    ++sample;
  }
  std::size_t until = sample;
  if (left > 0) joined = numbers()[samples_[sample]].substr(0, left);
  std::size_t skipped = 0;
  if (!head.empty() || left > 0) {
    if (head.empty()) {
      // The first number itself follows the tail.
      head = numbers()[samples_[from]];
      skipped = 1;
    }
    joined += head;
  }

  std::array<bool, 256> comes{};
  for (std::size_t i = from + skipped; i < until; ++i)
    comes[samples_[i]] = true;
  std::vector<std::pair<std::string, unsigned>> all;  // with the value, or 256 for the joined one
  for (unsigned value = 0; value < 256; ++value) {
    if (comes[value]) all.emplace_back(numbers()[value], value);
  }
  if (!joined.empty()) all.emplace_back(joined, 256);
  std::sort(all.begin(), all.end());
  kinds_.clear();
  std::array<std::uint16_t, 257> rank_of{};
  for (const auto& [digits, value] : all) {
    if (kinds_.empty() || kinds_.back() != digits) kinds_.push_back(digits);
    rank_of[value] = static_cast<std::uint16_t>(kinds_.size() - 1);
  }
  ranks_.clear();
  for (std::size_t i = from + skipped; i < until; ++i)
    ranks_.push_back(rank_of[samples_[i]]);
  if (!joined.empty()) ranks_.push_back(rank_of[256]);
}

/// Sorts the rotations that begin at a number. False when they are too much alike.
bool DecimalText::sort() {
  const std::size_t n = ranks_.size();
  const auto rank_bits = std::max(1U, static_cast<unsigned>(std::bit_width(kinds_.size() - 1)));
  const std::size_t depth = 63 / rank_bits;
  const std::uint64_t mask = (std::uint64_t{1} << depth * rank_bits) - 1;
  keys_.resize(n);
  std::uint64_t key = 0;
  for (std::size_t i = 0; i < depth; ++i)
    key = key << rank_bits | ranks_[i % n];
  for (std::size_t i = 0, ahead = depth % n; i < n; ++i) {
    keys_[i] = key;
    key = (key << rank_bits | ranks_[ahead]) & mask;
    ahead = ahead + 1 == n ? 0 : ahead + 1;
  }

  // Three passes over the highest bits leave few equals among numbers that vary.
  constexpr unsigned digit_bits = 11;
  const auto key_bits = static_cast<unsigned>(depth * rank_bits);
  const unsigned sorted_bits = std::min(3 * digit_bits, key_bits);
  order_.resize(n);
  scratch_.resize(n);
  for (std::size_t i = 0; i < n; ++i)
    order_[i] = static_cast<std::uint32_t>(i);
  for (unsigned low = key_bits - sorted_bits; low < key_bits; low += digit_bits) {
    std::array<std::uint32_t, 1 << digit_bits> begin{};
    const auto digit = [&](std::uint32_t i) { return keys_[i] >> low & ((1U << digit_bits) - 1); };
    for (std::uint32_t i = 0; i < n; ++i)
      ++begin[digit(i)];
    std::uint32_t sum = 0;
    for (std::uint32_t& count : begin)
      sum += std::exchange(count, sum);
    for (const std::uint32_t i : order_)
      scratch_[begin[digit(i)]++] = i;
    std::swap(order_, scratch_);
  }

  std::size_t patience = 64 * n;
  const auto before = [&](std::uint32_t a, std::uint32_t b) {
    if (keys_[a] != keys_[b]) return keys_[a] < keys_[b];
    std::size_t i = a;
    std::size_t k = b;
    for (std::size_t ahead = 0; ahead < n; ahead += depth) {
      i = (i + depth) % n;
      k = (k + depth) % n;
      if (keys_[i] != keys_[k]) return keys_[i] < keys_[k];
      if (--patience == 0) throw TooAlike();
    }
    return false;  // the same rotation: the block is a repetition
  };
  const unsigned unsorted_bits = key_bits - sorted_bits;
  try {
    for (std::size_t first = 0; first < n;) {
      std::size_t last = first + 1;
      while (last < n && keys_[order_[last]] >> unsorted_bits == keys_[order_[first]] >> unsorted_bits)
        ++last;
      if (last - first > 1) {
        std::sort(order_.begin() + static_cast<std::ptrdiff_t>(first),
                  order_.begin() + static_cast<std::ptrdiff_t>(last), before);
      }
      first = last;
    }
  } catch (const TooAlike&) {
    return false;
  }
  return true;
}

/// The last character of every rotation, in the order of the rotations.
void DecimalText::fill(Block& block) const {
  std::vector<std::uint32_t> times(kinds_.size());
  for (const std::uint16_t rank : ranks_)
    ++times[rank];
  // A rotation that begins inside a number begins with what is left of it: one class for each such rest.
  struct Class {
    std::string rest;
    std::uint32_t size = 0;
  };
  std::vector<Class> classes;
  std::array<std::uint8_t, 256> symbol{};
  block.symbols = {' '};
  for (std::size_t kind = 0; kind < kinds_.size(); ++kind) {
    const std::string& digits = kinds_[kind];
    for (std::size_t at = 0; at + 1 < digits.size(); ++at) {
      classes.push_back({digits.substr(at), times[kind]});
      symbol[static_cast<unsigned char>(digits[at])] = 1;
    }
  }
  for (unsigned character = '0'; character <= '9'; ++character) {
    if (symbol[character] == 0) continue;
    symbol[character] = static_cast<std::uint8_t>(block.symbols.size());
    block.symbols.push_back(static_cast<std::uint8_t>(character));
  }
  std::sort(classes.begin(), classes.end(), [](const Class& a, const Class& b) { return a.rest < b.rest; });
  std::vector<Class> merged;
  for (const Class& one : classes) {
    if (merged.empty() || merged.back().rest != one.rest) {
      merged.push_back(one);
    } else {
      merged.back().size += one.size;
    }
  }
  // Blanks sort before digits, in the order of the numbers behind them.
  std::vector<std::uint32_t> place(merged.size());
  auto total = static_cast<std::uint32_t>(ranks_.size());
  for (std::size_t i = 0; i < merged.size(); ++i) {
    place[i] = total;
    total += merged[i].size;
  }
  struct Rotations {
    unsigned count = 0;
    std::array<std::uint16_t, 6> classes{};
    std::array<std::uint8_t, 6> before{};  ///< symbol in front of each
    std::uint8_t last_digit = 0;
  };
  std::vector<Rotations> rotations(kinds_.size());
  for (std::size_t kind = 0; kind < kinds_.size(); ++kind) {
    const std::string& digits = kinds_[kind];
    Rotations& all = rotations[kind];
    all.count = static_cast<unsigned>(digits.size() - 1);
    for (std::size_t at = 0; at + 1 < digits.size(); ++at) {
      const auto found = std::lower_bound(merged.begin(), merged.end(), digits.substr(at),
                                          [](const Class& one, const std::string& rest) { return one.rest < rest; });
      all.classes[at] = static_cast<std::uint16_t>(found - merged.begin());
      all.before[at] = at == 0 ? std::uint8_t{0} : symbol[static_cast<unsigned char>(digits[at - 1])];
    }
    all.last_digit = symbol[static_cast<unsigned char>(digits[digits.size() - 2])];
  }
  block.last.resize(total);
  std::uint32_t blank = 0;
  for (const std::uint32_t i : order_) {
    const Rotations& one = rotations[ranks_[i == 0 ? ranks_.size() - 1 : i - 1]];
    block.last[blank++] = one.last_digit;
    for (unsigned at = 0; at < one.count; ++at)
      block.last[place[one.classes[at]]++] = one.before[at];
  }
}

bool DecimalText::next(std::size_t size, Block& block) {
  if (sample_ >= samples_.size()) return false;
  const std::size_t first_sample = sample_;
  const std::size_t first_offset = offset_;
  const std::size_t length = cut(size);
  block.last.clear();
  if (length < fewest_characters) return true;
  make_ring(first_sample, first_offset, length);
  if (sort()) fill(block);
  return true;
}

}  // namespace lightseed::sp800_90b

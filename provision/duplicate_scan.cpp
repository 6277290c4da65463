// SPDX-License-Identifier: Apache-2.0
#include "provision/duplicate_scan.h"

#include <algorithm>
#include <bit>
#include <cstring>

namespace lightseed {
namespace {

constexpr std::size_t usual_part = 1024;         // keys, at most, on average
constexpr std::size_t slots = 4 * usual_part;    // 16 bits each: 8 KiB, beside as many bytes of prefixes
constexpr std::size_t largest_part = slots / 2;  // random keys never fill one so far

/// Keys are uniform, so their first bytes are a hash already.
std::uint64_t prefix_of(const std::byte* key) noexcept {
  std::uint64_t prefix = 0;
  std::memcpy(&prefix, key, sizeof prefix);
  return prefix;
}

template <typename See>
void for_each_key(DuplicateScan::Blocks blocks, std::size_t key_bytes, const See& see) {
  for (const auto block : blocks) {
    for (std::size_t at = 0; at + key_bytes <= block.size(); at += key_bytes)
      see(block.data() + at);
  }
}

}  // namespace

std::size_t DuplicateScan::part_of(std::uint64_t prefix) const noexcept {
  return part_bits_ == 0 ? 0 : prefix >> (64 - part_bits_);
}

void DuplicateScan::deal(Blocks blocks) {
  std::size_t keys = 0;
  for (const auto block : blocks)
    keys += block.size() / key_bytes_;
  part_bits_ = static_cast<unsigned>(std::bit_width(keys / usual_part));
  if (prefixes_.size() < keys * sizeof(std::uint64_t)) prefixes_ = SecretBytes(keys * sizeof(std::uint64_t));
  part_ends_.assign(std::size_t{1} << part_bits_, 0);
  for_each_key(blocks, key_bytes_, [this](const std::byte* key) { ++part_ends_[part_of(prefix_of(key))]; });
  std::size_t begin = 0;
  for (std::size_t& end : part_ends_)
    begin += std::exchange(end, begin);
  const auto prefixes = prefixes_.words();
  for_each_key(blocks, key_bytes_, [&](const std::byte* key) {
    const std::uint64_t prefix = prefix_of(key);
    prefixes[part_ends_[part_of(prefix)]++] = prefix;
  });
}

/// Two prefixes of a part are equal, or it is none of random keys.
bool DuplicateScan::agree(std::span<const std::uint64_t> part) noexcept {
  if (part.size() > largest_part) return true;
  table_.wipe();
  const std::span<std::uint16_t> place(static_cast<std::uint16_t*>(static_cast<void*>(table_.data())), slots);
  for (std::size_t i = 0; i < part.size(); ++i) {
    std::size_t slot = part[i] % slots;
    for (; place[slot] != 0; slot = (slot + 1) % slots) {
      if (part[place[slot] - 1U] == part[i]) return true;
    }
    place[slot] = static_cast<std::uint16_t>(i + 1);
  }
  return false;
}

bool DuplicateScan::any_part_agrees() noexcept {
  std::size_t begin = 0;
  for (const std::size_t end : part_ends_) {
    if (agree(prefixes_.words().subspan(begin, end - begin))) return true;
    begin = end;
  }
  return false;
}

std::optional<std::pair<std::size_t, std::size_t>> DuplicateScan::sort_all(Blocks blocks) const {
  struct Key {
    const std::byte* at;
    std::size_t number;
  };
  std::vector<Key> keys;
  for_each_key(blocks, key_bytes_, [&](const std::byte* key) { keys.push_back({key, keys.size()}); });
  const auto compare = [this](const Key& a, const Key& b) { return std::memcmp(a.at, b.at, key_bytes_); };
  std::ranges::sort(keys, [&](const Key& a, const Key& b) {
    const int order = compare(a, b);
    return order != 0 ? order < 0 : a.number < b.number;
  });
  const auto twin = std::ranges::adjacent_find(keys, [&](const Key& a, const Key& b) { return compare(a, b) == 0; });
  if (twin == keys.end()) return std::nullopt;
  return std::pair(twin->number, (twin + 1)->number);
}

std::optional<std::pair<std::size_t, std::size_t>> DuplicateScan::find(Blocks blocks) {
  if (table_.size() == 0) table_ = SecretBytes(slots * sizeof(std::uint16_t));
  deal(blocks);
  const bool suspicious = any_part_agrees();
  prefixes_.wipe();
  table_.wipe();
  return suspicious ? sort_all(blocks) : std::nullopt;
}

}  // namespace lightseed

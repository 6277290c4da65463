#include "provision/duplicate_scan.h"

#include <algorithm>
#include <bit>
#include <cstring>

namespace lightseed {
namespace {

/// Keys are uniform, so their first bytes are a hash already.
std::uint64_t hash_of(const std::byte* key) noexcept {
  std::uint64_t hash = 0;
  std::memcpy(&hash, key, sizeof hash);
  return hash;
}

}  // namespace

DuplicateScan::DuplicateScan(std::size_t keys, std::size_t key_bytes)
    : key_bytes_(key_bytes), mask_(std::bit_ceil(2 * std::max<std::size_t>(keys, 1)) - 1), slots_(mask_ + 1) {}

const std::byte* DuplicateScan::key(std::size_t number) const noexcept {
  const auto after = std::upper_bound(first_numbers_.begin(), first_numbers_.end(), number);
  const auto block = static_cast<std::size_t>(after - first_numbers_.begin()) - 1;
  return blocks_[block] + (number - first_numbers_[block]) * key_bytes_;
}

std::optional<std::pair<std::size_t, std::size_t>> DuplicateScan::add(std::span<const std::byte> keys) {
  // The table is larger than the cache: ask for a slot well before it is needed.
  constexpr std::size_t ahead = 16;
  const std::size_t total = keys.size() / key_bytes_;
  blocks_.push_back(keys.data());
  first_numbers_.push_back(count_);
  for (std::size_t i = 0; i < total; ++i) {
    if (i + ahead < total) __builtin_prefetch(&slots_[hash_of(&keys[(i + ahead) * key_bytes_]) & mask_], 1);
    const std::byte* const mine = &keys[i * key_bytes_];
    std::uint64_t slot = hash_of(mine) & mask_;
    for (; slots_[slot] != 0; slot = (slot + 1) & mask_) {
      const std::size_t other = slots_[slot] - 1;
      if (std::memcmp(key(other), mine, key_bytes_) == 0) return std::pair(other, count_);
    }
    slots_[slot] = static_cast<std::uint32_t>(++count_);
  }
  return std::nullopt;
}

void DuplicateScan::clear() {
  std::fill(slots_.begin(), slots_.end(), 0U);
  blocks_.clear();
  first_numbers_.clear();
  count_ = 0;
}

}  // namespace lightseed

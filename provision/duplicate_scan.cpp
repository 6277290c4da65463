// SPDX-License-Identifier: Apache-2.0
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
    : key_bytes_(key_bytes),
      mask_(std::bit_ceil(2 * std::max<std::size_t>(keys, 1)) - 1),
      table_((mask_ + 1) * sizeof(std::uint32_t)),
      fingerprints_(static_cast<std::uint32_t*>(static_cast<void*>(table_.data())), mask_ + 1) {}

std::optional<std::size_t> DuplicateScan::find_twin(const std::byte* key) const noexcept {
  std::size_t number = 0;
  for (const auto block : blocks_) {
    for (std::size_t at = 0; at + key_bytes_ <= block.size(); at += key_bytes_, ++number) {
      if (&block[at] == key) return std::nullopt;  // all before it were compared
      if (std::memcmp(&block[at], key, key_bytes_) == 0) return number;
    }
  }
  return std::nullopt;
}

std::optional<std::pair<std::size_t, std::size_t>> DuplicateScan::add(std::span<const std::byte> keys) {
  // The table is larger than the cache: ask for a slot well before it is needed.
  constexpr std::size_t ahead = 24;
  const std::size_t before = count_;
  const std::size_t total = keys.size() / key_bytes_;
  blocks_.push_back(keys);
  count_ += total;
  for (std::size_t i = 0; i < total; ++i) {
    if (i + ahead < total) __builtin_prefetch(&fingerprints_[hash_of(&keys[(i + ahead) * key_bytes_]) & mask_], 1);
    const std::byte* const mine = &keys[i * key_bytes_];
    const std::uint64_t hash = hash_of(mine);
    const auto fingerprint = static_cast<std::uint32_t>(hash >> 32) | 1U;
    std::uint64_t place = hash & mask_;
    for (; fingerprints_[place] != 0; place = (place + 1) & mask_) {
      if (fingerprints_[place] != fingerprint) continue;
      if (const auto twin = find_twin(mine)) return std::pair(*twin, before + i);
    }
    fingerprints_[place] = fingerprint;
  }
  return std::nullopt;
}

void DuplicateScan::clear() {
  table_.wipe();
  blocks_.clear();
  count_ = 0;
}

}  // namespace lightseed

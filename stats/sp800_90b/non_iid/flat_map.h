// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>

#include "core/large_vector.h"

namespace lightseed::sp800_90b {

/// A hash table from 32-bit keys to 32-bit values above zero: open addressing, eight bytes an entry.
class FlatMap {
 public:
  FlatMap() : slots_(std::size_t{1} << bits_) {}

  /// The value, or nothing. Valid until the next insert.
  std::uint32_t* find(std::uint32_t key) noexcept {
    for (std::size_t i = home(key);; i = (i + 1) & (slots_.size() - 1)) {
      if (slots_[i].value == 0) return nullptr;
      if (slots_[i].key == key) return &slots_[i].value;
    }
  }

  /// Begins to bring the slot where a search for `key` starts into the cache.
  void prefetch(std::uint32_t key) const noexcept { __builtin_prefetch(&slots_[home(key)]); }

  /// `key` must be new, `value` not zero.
  void insert(std::uint32_t key, std::uint32_t value) {
    if (2 * ++used_ > slots_.size()) grow();
    place({key, value});
  }

 private:
  struct Slot {
    std::uint32_t key = 0;
    std::uint32_t value = 0;  ///< zero: empty
  };
  unsigned bits_ = 10;
  std::size_t used_ = 0;
  LargeVector<Slot> slots_;

  [[nodiscard]] std::size_t home(std::uint32_t key) const noexcept {
    return static_cast<std::size_t>(key * 0x9E3779B97F4A7C15U >> (64 - bits_));
  }

  void place(Slot slot) noexcept {
    std::size_t i = home(slot.key);
    while (slots_[i].value != 0)
      i = (i + 1) & (slots_.size() - 1);
    slots_[i] = slot;
  }

  void grow() {
    ++bits_;
    LargeVector<Slot> old(std::size_t{1} << bits_);
    old.swap(slots_);
    for (const Slot& slot : old) {
      if (slot.value != 0) place(slot);
    }
  }
};

}  // namespace lightseed::sp800_90b

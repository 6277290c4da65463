// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <sys/mman.h>

#include <cstddef>
#include <new>
#include <vector>

namespace lightseed {

/// Memory for arrays that are looked up all over the place. From 2 MiB on it asks for the larger pages of the system:
/// fewer of them to be found, and to be got one by one. Where the system has none, nothing is lost.
template <typename T>
struct LargeAllocator {
  using value_type = T;

  LargeAllocator() = default;
  template <typename Other>
  LargeAllocator(const LargeAllocator<Other>& /*all are alike*/) noexcept {}  // NOLINT(google-explicit-constructor)

  /// Throws std::bad_alloc.
  T* allocate(std::size_t count) {
    if (count > static_cast<std::size_t>(-1) / sizeof(T)) throw std::bad_array_new_length();
    const std::size_t bytes = count * sizeof(T);
    if (bytes < large_page) return static_cast<T*>(::operator new(bytes));
    void* const memory = ::operator new (bytes, std::align_val_t{large_page});
    madvise(memory, bytes / large_page * large_page, MADV_HUGEPAGE);
    return static_cast<T*>(memory);
  }

  void deallocate(T* memory, std::size_t count) noexcept {
    if (count * sizeof(T) < large_page) {
      ::operator delete(memory);
    } else {
      ::operator delete (memory, std::align_val_t{large_page});
    }
  }

  bool operator==(const LargeAllocator& /*all are alike*/) const noexcept { return true; }

 private:
  static constexpr std::size_t large_page = std::size_t{2} << 20;
};

template <typename T>
using LargeVector = std::vector<T, LargeAllocator<T>>;

}  // namespace lightseed

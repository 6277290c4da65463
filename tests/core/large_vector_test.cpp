// SPDX-License-Identifier: Apache-2.0
#include "core/large_vector.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <cstdint>
#include <limits>

using namespace lightseed;

namespace {

constexpr std::size_t page = std::size_t{2} << 20;

std::size_t beyond_page(const void* memory) {
  return reinterpret_cast<std::uintptr_t>(memory) % page;
}

}  // namespace

TEST_CASE("large vector: what fills a large page begins with one, and every element is there") {
  for (const std::size_t bytes : {std::size_t{0}, std::size_t{1}, page - 1, page, page + 1, 3 * page + 17}) {
    LargeVector<std::uint8_t> bytes_of(bytes);
    CHECK((bytes < page || beyond_page(bytes_of.data()) == 0));
    CHECK(std::size_t(std::count(bytes_of.begin(), bytes_of.end(), 0)) == bytes);
    for (std::size_t i = 0; i < bytes; ++i)
      bytes_of[i] = static_cast<std::uint8_t>(i * 7);
    const LargeVector<std::uint8_t> copy = bytes_of;
    CHECK(copy == bytes_of);
  }
}

TEST_CASE("large vector: it grows over the border and keeps what it has") {
  LargeVector<std::uint32_t> grown;
  for (std::uint32_t i = 0; i < 2 * page / sizeof(i); ++i)
    grown.push_back(i);
  CHECK(beyond_page(grown.data()) == 0);
  for (std::uint32_t i = 0; i < grown.size(); ++i)
    if (grown[i] != i) FAIL(i);
}

TEST_CASE("large vector: more than there can be is refused") {
  LargeAllocator<std::uint64_t> allocator;
  CHECK_THROWS_AS(allocator.allocate(std::numeric_limits<std::size_t>::max() / 2), std::bad_array_new_length);
}

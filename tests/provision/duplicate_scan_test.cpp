// SPDX-License-Identifier: Apache-2.0
#include "provision/duplicate_scan.h"

#include <catch2/catch.hpp>
#include <cstring>
#include <random>

using namespace lightseed;

TEST_CASE("equal keys are found wherever they stand, and nothing else is") {
  std::mt19937 random(2);
  constexpr std::size_t key_bytes = 16;
  constexpr std::size_t keys = 5000;
  std::vector<std::byte> all(keys * key_bytes);
  for (auto& b : all)
    b = static_cast<std::byte>(random());
  // Keys that share the bytes the table looks at but differ behind them.
  for (std::size_t i = 1; i < 50; ++i)
    std::memcpy(&all[i * key_bytes], &all[0], 8);
  DuplicateScan scan(keys, key_bytes);
  const auto first = std::span<const std::byte>(all).first(2000 * key_bytes);
  const auto rest = std::span<const std::byte>(all).subspan(2000 * key_bytes);
  CHECK(!scan.add(first));
  CHECK(!scan.add(rest));
  const std::pair<std::size_t, std::size_t> twins[] = {{0, 4999}, {1999, 2000}, {3000, 3001}, {7, 49}};
  for (const auto& [a, b] : twins) {
    auto copy = all;
    std::memcpy(&copy[b * key_bytes], &copy[a * key_bytes], key_bytes);
    scan.clear();
    auto found = scan.add(std::span<const std::byte>(copy).first(2000 * key_bytes));
    if (!found) found = scan.add(std::span<const std::byte>(copy).subspan(2000 * key_bytes));
    REQUIRE(found);
    CHECK(*found == std::pair(a, b));
  }
}

// SPDX-License-Identifier: Apache-2.0
#include "provision/duplicate_scan.h"

#include <catch2/catch.hpp>
#include <cstring>
#include <map>
#include <random>
#include <string>

using namespace lightseed;

namespace {

using Pair = std::optional<std::pair<std::size_t, std::size_t>>;

std::vector<std::byte> random_bytes(std::size_t size, std::mt19937& random) {
  std::vector<std::byte> bytes(size);
  for (auto& b : bytes)
    b = static_cast<std::byte>(random());
  return bytes;
}

/// As blocks of so many bytes.
std::vector<std::span<const std::byte>> cut(const std::vector<std::byte>& all, std::size_t block) {
  std::vector<std::span<const std::byte>> blocks;
  for (std::size_t at = 0; at < all.size(); at += block)
    blocks.push_back(std::span(all).subspan(at, std::min(block, all.size() - at)));
  return blocks;
}

}  // namespace

TEST_CASE("equal keys are found wherever they stand, and nothing else is") {
  std::mt19937 random(2);
  constexpr std::size_t key_bytes = 16;
  constexpr std::size_t keys = 5000;
  std::vector<std::byte> all = random_bytes(keys * key_bytes, random);
  // Keys that share the bytes the table looks at but differ behind them.
  for (std::size_t i = 1; i < 50; ++i)
    std::memcpy(&all[i * key_bytes], &all[0], 8);
  DuplicateScan scan(key_bytes);
  CHECK(!scan.find(cut(all, 2000 * key_bytes)));
  const std::pair<std::size_t, std::size_t> twins[] = {{0, 4999}, {1999, 2000}, {3000, 3001}, {7, 49}};
  for (const auto& [a, b] : twins) {
    auto copy = all;
    std::memcpy(&copy[b * key_bytes], &copy[a * key_bytes], key_bytes);
    CHECK(scan.find(cut(copy, 2000 * key_bytes)) == Pair({a, b}));
    CHECK(!scan.find(cut(all, 1000 * key_bytes)));
  }
}

TEST_CASE("keys that no source should give are compared all the same, and in time") {
  std::mt19937 random(3);
  for (const std::size_t key_bytes : {16UL, 24UL, 64UL}) {
    for (const std::size_t count : {1UL, 2UL, 1023UL, 1024UL, 1025UL, 60'000UL}) {
      CAPTURE(key_bytes, count);
      // The same first bytes in all keys, then a number: all are different.
      std::vector<std::byte> stuck(count * key_bytes);
      for (std::size_t i = 0; i < count; ++i)
        std::memcpy(&stuck[i * key_bytes + key_bytes - 8], &i, sizeof i);
      DuplicateScan scan(key_bytes);
      CHECK(!scan.find(cut(stuck, 500 * key_bytes)));
      if (count == 1) continue;
      const std::size_t last = count - 1;
      std::memcpy(&stuck[last * key_bytes], &stuck[(last / 2) * key_bytes], key_bytes);
      CHECK(scan.find(cut(stuck, 500 * key_bytes)) == Pair({last / 2, last}));
      CHECK(scan.find(cut(std::vector<std::byte>(count * key_bytes), 500 * key_bytes)) == Pair({0, 1}));
    }
  }
}

TEST_CASE("of 300 random lots those with equal keys are found, as a map finds them") {
  std::mt19937 random(5);
  DuplicateScan scan(8);
  int with_equal = 0;
  for (int round = 0; round < 300; ++round) {
    // Keys of eight bytes with 18 random bits, in places that change: equal ones are common.
    const std::size_t count = 1 + random() % 700;
    const std::uint64_t spread = 0x0100'0000'0000'0001ULL << random() % 8;
    std::vector<std::byte> all(count * 8);
    std::map<std::uint64_t, std::size_t> first;
    bool equal = false;
    for (std::size_t i = 0; i < count; ++i) {
      const std::uint64_t key = (random() & 0x3ffffU) * spread;
      std::memcpy(&all[i * 8], &key, sizeof key);
      equal = !first.emplace(key, i).second || equal;
    }
    const Pair found = scan.find(cut(all, 8 * (1 + random() % 100)));
    REQUIRE(found.has_value() == equal);
    if (!found) continue;
    CHECK(found->first < found->second);
    CHECK(std::memcmp(&all[found->first * 8], &all[found->second * 8], 8) == 0);
    ++with_equal;
  }
  CHECK(with_equal > 50);
  CHECK(with_equal < 250);
}

// SPDX-License-Identifier: Apache-2.0
#include "stats/input/claim_watch.h"

#include <catch2/catch.hpp>

#include "tests/stats/sp800_90b/generators.h"

using namespace lightseed::stats;
using lightseed::sp800_90b::Random;

namespace {

std::vector<std::byte> masked_bytes(std::size_t size, std::uint64_t seed, unsigned mask = 0xFF) {
  Random random(seed);
  std::vector<std::byte> bytes(size);
  for (std::byte& byte : bytes)
    byte = static_cast<std::byte>(random() & mask);
  return bytes;
}

}  // namespace

TEST_CASE("a promise that good samples can hold is never doubted") {
  for (const std::size_t size : {10U, 1'000U, 100'000U, 1'200'000U}) {
    for (const unsigned bits : {1U, 2U, 4U, 8U, 12U, 16U}) {
      ClaimWatch watch(bits, bits);
      watch.look(masked_bytes(size, size + bits));
      CHECK_FALSE(watch.fault());
    }
  }
  CHECK_FALSE(ClaimWatch(8, 8).fault());
}

TEST_CASE("a promise that the samples cannot hold is named") {
  ClaimWatch four(8, 6.4);
  four.look(masked_bytes(100'000, 1, 0x0F));
  REQUIRE(four.fault());
  CHECK_THAT(*four.fault(), Catch::Contains("a sample holds") && Catch::Contains("not the 6.4"));
  ClaimWatch honest(8, 3.9);
  honest.look(masked_bytes(100'000, 1, 0x0F));
  CHECK_FALSE(honest.fault());
  ClaimWatch dead(1, 0.5);
  dead.look(std::vector<std::byte>(1000));
  REQUIRE(dead.fault());
  ClaimWatch wide(16, 12);
  wide.look(std::vector<std::byte>(1000, std::byte{7}));
  CHECK_THAT(*wide.fault(), Catch::Contains("1799"));
  // However the bytes are cut.
  ClaimWatch pieces(12, 11);
  for (int i = 0; i < 3000; ++i)
    pieces.look(std::vector<std::byte>(1, std::byte{0x11}));
  CHECK(pieces.fault());
}

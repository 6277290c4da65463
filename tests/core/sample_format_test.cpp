// SPDX-License-Identifier: Apache-2.0
#include "core/sample_format.h"

#include <array>
#include <catch2/catch.hpp>
#include <vector>

#include "core/error.h"

using namespace lightseed;

TEST_CASE("samples unpack most significant bit first, wide ones little-endian") {
  const std::array<std::byte, 2> bytes{std::byte{0b1011'0010}, std::byte{0x03}};
  const auto unpacked = [&](SampleFormat format) {
    std::vector<std::uint16_t> samples(format.samples_in(bytes.size()));
    unpack(bytes, format, samples);
    return samples;
  };
  CHECK(unpacked({1, 1}) == std::vector<std::uint16_t>{1, 0, 1, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 1, 1});
  CHECK(unpacked({2, 2}) == std::vector<std::uint16_t>{2, 3, 0, 2, 0, 0, 0, 3});
  CHECK(unpacked({4, 4}) == std::vector<std::uint16_t>{11, 2, 0, 3});
  CHECK(unpacked({8, 8}) == std::vector<std::uint16_t>{0xB2, 3});
  CHECK(unpacked({10, 16}) == std::vector<std::uint16_t>{0x3B2});
}

TEST_CASE("a sample larger than its bits is found, not cut") {
  const std::array<std::byte, 2> bytes{std::byte{1}, std::byte{2}};
  std::vector<std::uint16_t> samples(2);
  CHECK_THROWS_WITH(unpack(bytes, {1, 8}, samples), Catch::Contains("sample 1"));
}

TEST_CASE("impossible formats are refused") {
  for (const SampleFormat bad : {SampleFormat{0, 8}, {17, 16}, {3, 3}, {9, 8}, {8, 4}, {1, 2}, {8, 32}}) {
    CHECK_THROWS_AS(validate(bad), Error);
  }
}

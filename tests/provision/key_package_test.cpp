// SPDX-License-Identifier: Apache-2.0
#include "provision/key_package.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <cstring>
#include <random>

#include "core/error.h"

using namespace lightseed;

namespace {

std::vector<BlockHeader> some_headers(std::size_t count) {
  std::vector<BlockHeader> headers(count);
  std::mt19937 random(4);
  for (std::size_t i = 0; i < count; ++i) {
    for (auto& b : headers[i].id)
      b = static_cast<std::byte>(random());
    for (auto& b : headers[i].salt)
      b = static_cast<std::byte>(random());
    headers[i].iccid = "898821100000000001" + std::to_string(i % 10);
    headers[i].imsi = "00101000000000" + std::to_string(i % 10);
  }
  return headers;
}

}  // namespace

TEST_CASE("a package reads back as it was written, for sizes on both sides of every DER length step") {
  for (const std::size_t blocks : {1U, 2U, 9U}) {
    for (const std::uint64_t count : {1U, 7U, 8U, 15U, 16U, 4095U, 4096U, 70'000U}) {
      for (const std::size_t key_bytes : {16U, 32U}) {
        const auto headers = some_headers(blocks);
        KeyPackage package("batch-1", headers, count, key_bytes);
        for (std::size_t i = 0; i < blocks; ++i) {
          REQUIRE(package.keys(i).size() == count * key_bytes);
          std::memset(package.keys(i).data(), static_cast<int>(i + 1), package.keys(i).size());
        }
        const ParsedKeyPackage parsed = parse_key_package(package.der());
        CHECK(parsed.batch == "batch-1");
        CHECK(parsed.key_bytes == key_bytes);
        REQUIRE(parsed.blocks.size() == blocks);
        for (std::size_t i = 0; i < blocks; ++i) {
          const PackagedBlock& block = parsed.blocks[i];
          CHECK(block.header.id == headers[i].id);
          CHECK(block.header.salt == headers[i].salt);
          CHECK(block.header.iccid == headers[i].iccid);
          CHECK(block.header.imsi == headers[i].imsi);
          CHECK(block.key_count == count);
          CHECK(block.keys.size() == count * key_bytes);
          CHECK(std::all_of(block.keys.begin(), block.keys.end(), [&](std::byte b) { return b == std::byte(i + 1); }));
        }
      }
    }
  }
}

TEST_CASE("a package in the memory of an earlier one is the same, and begins with zeros") {
  const auto headers = some_headers(3);
  KeyPackage first("batch-1", headers, 4, 16);
  for (std::size_t i = 0; i < headers.size(); ++i)
    std::ranges::fill(first.keys(i), std::byte{0xAB});
  SecretBytes memory = first.take_memory();
  const std::byte* const where = memory.data();
  CHECK(std::ranges::all_of(memory.bytes(), [](std::byte b) { return b == std::byte{0}; }));
  const auto fewer = std::span(headers).first(2);
  const KeyPackage again("b", fewer, 3, 16, std::move(memory)), fresh("b", fewer, 3, 16);
  CHECK(again.der().data() == where);
  CHECK(std::ranges::equal(again.der(), fresh.der()));
  const KeyPackage larger("b", headers, 400, 16, SecretBytes(16));
  CHECK(std::ranges::equal(larger.der(), KeyPackage("b", headers, 400, 16).der()));
}

TEST_CASE("hostile packages end in an error, never in a crash") {
  const auto headers = some_headers(2);
  KeyPackage package("b", headers, 3, 16);
  const std::vector<std::byte> honest(package.der().begin(), package.der().end());
  // Every truncation.
  for (std::size_t size = 0; size < honest.size(); ++size) {
    CHECK_THROWS_AS(parse_key_package(std::span(honest).first(size)), Error);
  }
  // Every byte to a few other values: refused, or read as something that still holds together.
  for (std::size_t at = 0; at < honest.size(); ++at) {
    for (const int change : {0x01, 0x20, 0x80, 0xFF}) {
      auto bytes = honest;
      bytes[at] ^= static_cast<std::byte>(change);
      try {
        const auto parsed = parse_key_package(bytes);
        for (const auto& block : parsed.blocks)
          CHECK(block.keys.size() == block.key_count * parsed.key_bytes);
      } catch (const Error& e) {
        CHECK(e.category() == Category::verdict);
      }
    }
  }
  auto longer = honest;
  longer.push_back(std::byte{0});
  CHECK_THROWS_AS(parse_key_package(longer), Error);
  CHECK_THROWS_AS(KeyPackage("b", {}, 3, 16), Error);
}

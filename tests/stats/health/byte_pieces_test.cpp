// SPDX-License-Identifier: Apache-2.0
// Pieces of bytes are the same however the stream is cut, and wherever their content lies in it.
#include "stats/health/monitors/byte_pieces.h"

#include <catch2/catch.hpp>
#include <map>
#include <random>
#include <set>
#include <utility>

using namespace lightseed::health;

namespace {

using Found = std::vector<std::pair<std::uint64_t, std::uint64_t>>;  ///< hash and length of each piece

std::vector<std::uint8_t> noise_bytes(unsigned seed, std::size_t count, unsigned values = 256) {
  std::mt19937 random(seed);
  std::vector<std::uint8_t> bytes(count);
  for (std::uint8_t& byte : bytes)
    byte = static_cast<std::uint8_t>(random() % values);
  return bytes;
}

/// In parts of at most so many bytes.
Found pieces_of(std::span<const std::uint8_t> bytes, std::size_t part, unsigned seed = 0) {
  std::mt19937 random(seed);
  BytePieces pieces;
  Found found;
  while (!bytes.empty()) {
    const std::size_t count = std::min<std::size_t>(bytes.size(), seed == 0 ? part : random() % part + 1);
    pieces.take(bytes.first(count),
                [&](const BytePieces::Piece& piece) { found.emplace_back(piece.hash, piece.length); });
    bytes = bytes.subspan(count);
  }
  return found;
}

}  // namespace

TEST_CASE("pieces do not depend on how the stream is handed on: byte by byte is the vectors' naive twin") {
  const auto bytes = noise_bytes(1, 300'000);
  const Found one_by_one = pieces_of(bytes, 1);
  CHECK(one_by_one.size() == Approx(300'000 / 1024).epsilon(0.25));
  for (const std::size_t part : {5U, 7U, 8U, 31U, 64U, 71U, 4096U, 4099U, 32768U, 300'000U})
    CHECK(pieces_of(bytes, part) == one_by_one);
  for (const unsigned seed : {1U, 2U, 3U})
    CHECK(pieces_of(bytes, 3000, seed) == one_by_one);
  std::uint64_t sum = 0;
  for (const auto& [hash, length] : one_by_one)
    sum += length;
  CHECK(sum <= bytes.size());
  CHECK(sum + 20'000 > bytes.size());
}

TEST_CASE("what comes again has the same pieces, at any distance; what differs in one byte has another") {
  auto bytes = noise_bytes(2, 400'000);
  std::copy_n(bytes.begin() + 5000, 60'000, bytes.begin() + 250'003);
  std::map<std::pair<std::uint64_t, std::uint64_t>, int> counts;
  for (const auto& piece : pieces_of(bytes, 32768))
    ++counts[piece];
  int again = 0;
  for (const auto& [piece, count] : counts)
    again += count == 2 ? 1 : 0;
  CHECK(again > 40);  // of some 58; all but the first and the last
  CHECK(again < 80);

  const Found before = pieces_of(bytes, 32768);
  for (const std::size_t at : {0U, 1234U, 99'999U}) {
    auto other = bytes;
    other[at] = static_cast<std::uint8_t>(other[at] ^ 0x40);
    CHECK(pieces_of(other, 32768) != before);
  }
  // No two pieces of half a million are alike by chance, of poor bytes neither.
  std::set<std::uint64_t> hashes;
  std::size_t all = 0;
  for (const unsigned values : {256U, 4U}) {
    for (const auto& [hash, length] : pieces_of(noise_bytes(3, 1 << 22, values), 32768)) {
      if (length < 64) continue;  // of poor bytes the shortest may come again
      hashes.insert(hash);
      ++all;
    }
  }
  CHECK(all > 6000);
  CHECK(hashes.size() == all);
}

TEST_CASE("after a restart pieces begin anew") {
  const auto bytes = noise_bytes(4, 50'000);
  const Found fresh = pieces_of(bytes, 50'000);
  BytePieces pieces;
  pieces.take(std::span(bytes).first(777), [](const BytePieces::Piece&) {});
  pieces.forget();
  Found found;
  pieces.take(bytes, [&](const BytePieces::Piece& piece) { found.emplace_back(piece.hash, piece.length); });
  CHECK(found == fresh);
}

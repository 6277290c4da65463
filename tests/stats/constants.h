// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <catch2/catch.hpp>
#include <cstddef>
#include <fstream>
#include <iterator>
#include <span>
#include <string>
#include <vector>

#include "stats/sequence/sequence.h"
#include "tests/test_paths.h"

namespace lightseed::test {

/// Bits of a mathematical constant, "pi" or "e", as NIST's program comes with them.
inline std::vector<std::byte> constant(const std::string& name) {
  std::ifstream file(std::string(data_folder()) + "/sp800_90b/" + name + ".bin", std::ios::binary);
  REQUIRE(file);
  const std::vector<char> raw{std::istreambuf_iterator<char>(file), {}};
  const auto bytes = std::as_bytes(std::span(raw));
  return {bytes.begin(), bytes.end()};
}

/// The first 1,000,000 of them.
inline stats::BitString million_bits_of(const std::string& name) {
  constexpr std::size_t million = 1'000'000;
  const std::vector<std::byte> bytes = constant(name);
  return stats::packed_bits(std::span(bytes).first(million / 8), million);
}

}  // namespace lightseed::test

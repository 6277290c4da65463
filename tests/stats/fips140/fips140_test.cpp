// SPDX-License-Identifier: Apache-2.0
#include "stats/fips140/fips140.h"

#include <catch2/catch.hpp>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "core/json.h"
#include "tests/test_paths.h"

using namespace lightseed;
using namespace lightseed::stats;

namespace {

std::vector<std::byte> block_of(const std::string& name) {
  std::ifstream file(std::string(test::data_folder()) + "/sp800_90b/" + name + ".bin", std::ios::binary);
  REQUIRE(file);
  std::vector<std::byte> block(fips_block_bytes);
  for (auto& byte : block)
    byte = static_cast<std::byte>(file.get());
  return block;
}

}  // namespace

TEST_CASE("FIPS 140-2: the four tests' figures on pi and e") {
  std::ifstream file(std::string(test::data_folder()) + "/ais31/known-answers.json");
  const Json known = Json::parse(file);
  std::size_t seen = 0;
  for (const Json& entry : known["entries"]) {
    const auto id = entry["id"].get<std::string>();
    if (id != "pi-20000" && id != "e-20000") continue;
    ++seen;
    const Json& expected = entry["expected"];
    const FipsFacts facts = fips_facts(block_of(id.substr(0, id.find('-'))));
    CHECK(facts.ones == expected["T1_ones"].get<std::uint32_t>());
    CHECK(facts.poker() == Approx(expected["T2_poker"].get<double>()).epsilon(1e-9));
    CHECK(Json(facts.runs[0]) == expected["T3_runs_of_0_len_1..5_and_6plus"]);
    CHECK(Json(facts.runs[1]) == expected["T3_runs_of_1_len_1..5_and_6plus"]);
    CHECK_FALSE(facts.run_of_26);
    for (const FipsTest& test : fips140_tests()) {
      CAPTURE(test.id);
      CHECK(test.passes(facts));
    }
  }
  CHECK(seen == 2);
}

TEST_CASE("FIPS 140-2: each test fails where its bound is passed") {
  const auto good = block_of("pi");
  // A run of ones at every place of a word and across words, at both ends.
  for (const std::size_t first : {0U, 1U, 37U, 50U, 63U, 64U, 127U, 9999U, 19'966U}) {
    for (const std::size_t length : {25U, 26U, 33U, 34U}) {
      auto block = good;
      const auto set = [&](std::size_t bit, bool value) {
        const auto mask = std::byte{0x80} >> static_cast<int>(bit % 8);
        block[bit / 8] = value ? block[bit / 8] | mask : block[bit / 8] & ~mask;
      };
      if (first > 0) set(first - 1, false);
      for (std::size_t i = 0; i < length; ++i)
        set(first + i, true);
      if (first + length < fips_block_bits) set(first + length, false);
      CAPTURE(first, length);
      const FipsFacts facts = fips_facts(block);
      CHECK(facts.run_of_26 == (length >= 26));
      CHECK(facts.run_of_34 == (length >= 34));
    }
  }
  const FipsFacts zeros = fips_facts(std::vector<std::byte>(fips_block_bytes));
  CHECK(zeros.ones == 0);
  CHECK(zeros.runs[0] == std::array<std::uint32_t, 6>{0, 0, 0, 0, 0, 1});
  CHECK(zeros.runs[1] == std::array<std::uint32_t, 6>{});
  for (const FipsTest& test : fips140_tests()) {
    CAPTURE(test.id);
    CHECK_FALSE(test.passes(zeros));
  }
}

// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <catch2/catch.hpp>
#include <fstream>
#include <iterator>
#include <random>
#include <string>
#include <vector>

#include "core/json.h"
#include "stats/ais31/ais31_suite.h"
#include "stats/ais31/procedure_a.h"
#include "stats/ais31/procedure_b.h"
#include "stats/sequence/sequence.h"
#include "tests/stats/constants.h"
#include "tests/stats/random_bytes.h"
#include "tests/test_paths.h"

using namespace lightseed;
using namespace lightseed::stats;
using test::constant;
using test::random_bytes;

TEST_CASE("AIS 31: known figures of pi and e") {
  std::ifstream file(std::string(test::data_folder()) + "/ais31/known-answers.json");
  const Json known = Json::parse(file);
  std::size_t seen = 0;
  for (const Json& entry : known["entries"]) {
    const auto id = entry["id"].get<std::string>();
    const Json& expected = entry["expected"];
    if (id == "pi-20000" || id == "e-20000") {
      const auto block = ais31::autocorrelation(constant(id.substr(0, id.find('-'))));
      CHECK(block.distance == expected["T5"]["tau0"].get<std::size_t>());
      CHECK(block.in_first_half == expected["T5"]["Z_tau0_first_half"].get<std::uint32_t>());
      CHECK(block.differing == expected["T5"]["Z_tau0_on_bits_10000..14999"].get<std::uint32_t>());
      ++seen;
    } else if (id == "pi-T0-T6a-T8" || id == "e-T0-T6a-T8") {
      const auto bytes = constant(id.substr(0, id.find('-')));
      REQUIRE(bytes.size() >= ais31::t8_bits / 8);
      CHECK(ais31::different_words(bytes) == 65'536);
      const BitString bits = packed_bits(bytes, ais31::t8_bits);
      CHECK(static_cast<double>(ones_in(bits, 0, 100'000)) / 100'000 ==
            Approx(expected["T6a relative frequency of 1 in first 100000 bits"].get<double>()));
      CHECK(ais31::coron_entropy(bits, 0) == Approx(expected["T8 (L=8,Q=2560,K=256000)"].get<double>()).epsilon(1e-12));
      ++seen;
    }
  }
  CHECK(seen == 4);
}

TEST_CASE("AIS 31: contexts take disjoint words until each is full") {
  const BitString bits = packed_bits(random_bytes(500'000, 3), 4'000'000);
  for (const unsigned context : {1U, 2U, 3U}) {
    const std::size_t contexts = std::size_t{1} << context;
    std::vector<std::vector<bool>> followers(contexts);
    std::size_t end = 7;
    const auto full = [](const auto& list) { return list.size() >= ais31::samples; };
    while (!std::all_of(followers.begin(), followers.end(), full)) {
      std::size_t which = 0;
      for (unsigned k = 0; k < context; ++k)
        which = 2 * which + (bits[end + k] ? 1 : 0);
      followers[which].push_back(bits[end + context]);
      end += context + 1;
    }
    std::size_t at = 7;
    const auto ones = ais31::ones_after(bits, context, at);
    REQUIRE(ones);
    CHECK(at == end);
    for (std::size_t k = 0; k < contexts; ++k)
      CHECK((*ones)[k] == std::count(followers[k].begin(), followers[k].begin() + ais31::samples, true));
  }
  std::size_t at = 0;
  CHECK_FALSE(ais31::ones_after(packed_bits(random_bytes(20'000, 1), 160'000), 1, at));
  CHECK(ais31::homogeneity(50'000, 50'000) == 0);
  CHECK(ais31::homogeneity(50'000, 51'000) == Approx(1e6 / 101'000 + 1e6 / 99'000));
}

TEST_CASE("AIS 31: T0 and the bounds") {
  auto bytes = random_bytes(ais31::t0_bytes, 4);
  std::copy_n(bytes.begin() + 600, 6, bytes.begin() + 60'000);
  CHECK(ais31::different_words(bytes) == 65'535);
  FipsFacts facts = fips_facts(std::span(bytes).first(fips_block_bytes));
  CHECK(ais31::monobit(facts));
  CHECK(ais31::poker(facts));
  CHECK(ais31::runs(facts));
  CHECK(ais31::long_run(facts));
  facts.ones = 9654;
  CHECK_FALSE(ais31::monobit(facts));
  facts.ones = 10'346;
  CHECK_FALSE(ais31::monobit(facts));
  facts.runs[1][5] = 224;
  CHECK_FALSE(ais31::runs(facts));
  facts.run_of_34 = true;
  CHECK_FALSE(ais31::long_run(facts));
  facts.nibbles.fill(5000 / 16);
  CHECK_FALSE(ais31::poker(facts));
}

TEST_CASE("AIS 31: one failing trial asks for a second block, two reject") {
  const auto run = [](const std::vector<std::vector<std::byte>>& pieces) {
    const auto suite = begin_ais31_a({});
    REQUIRE(suite->chunk_bytes() == ais31::procedure_a_bytes);
    for (const auto& piece : pieces)
      suite->look(piece)();
    return suite->finish({});
  };
  const auto good = random_bytes(ais31::procedure_a_bytes, 5);
  auto once = good;
  std::fill_n(once.begin() + static_cast<std::ptrdiff_t>(ais31::t0_bytes) + 100, 5, std::byte{0});
  auto twice = once;
  std::fill_n(twice.begin() + static_cast<std::ptrdiff_t>(ais31::t0_bytes) + 9000, 5, std::byte{0xff});
  const AuditSuite of_good = run({good});
  CHECK(of_good.as_written == AuditOutcome::pass);
  CHECK(run({once}).as_written == AuditOutcome::retest);
  CHECK(run({once, good}).as_written == AuditOutcome::pass);
  CHECK(run({once, once}).as_written == AuditOutcome::fail);
  CHECK(run({twice, good}).as_written == AuditOutcome::fail);
  CHECK(run({}).as_written == AuditOutcome::not_run);
  CHECK(of_good.tests.at(1).blocks->blocks == 257);
  CHECK(of_good.tests.at(5).blocks->failed == 0);
}

TEST_CASE("AIS 31: procedure B passes good bits and names what bad ones fail") {
  const auto run = [](const std::vector<std::byte>& bytes) {
    const auto suite = begin_ais31_b({});
    suite->look(bytes)();
    return suite->finish({});
  };
  const auto good = random_bytes(ais31::procedure_b_bits / 8, 6);
  const AuditSuite passed = run(good);
  CHECK(passed.as_written == AuditOutcome::pass);
  CHECK(passed.tests.at(2).blocks->blocks == 2);
  CHECK(passed.tests.at(3).blocks->blocks == 4);
  CHECK(passed.tests.at(4).figures.at(0).second == Approx(8).margin(0.02));
  CHECK(run(std::vector<std::byte>(good.size())).as_written == AuditOutcome::fail);
  // A bit is the one before the last a little too often: neither the share of ones nor the step shows it.
  const BitString plain = packed_bits(good, ais31::procedure_b_bits);
  std::mt19937 random(7);
  std::vector<std::byte> sticky(good.size());
  bool one_ago = false;
  bool two_ago = false;
  for (std::size_t i = 0; i < plain.size(); ++i) {
    const bool bit = random() % 20 == 0 ? two_ago : plain[i];
    if (bit) sticky[i / 8] |= std::byte{0x80} >> static_cast<int>(i % 8);
    two_ago = one_ago;
    one_ago = bit;
  }
  const AuditSuite failed = run(sticky);
  CHECK(failed.tests.at(0).blocks->failed == 0);
  CHECK(failed.tests.at(1).blocks->failed == 0);
  CHECK(failed.tests.at(2).blocks->failed == 2);
}

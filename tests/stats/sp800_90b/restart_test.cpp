// SPDX-License-Identifier: Apache-2.0
#include "stats/sp800_90b/restart_test.h"
#include "cli/exit_code.h"

#include <algorithm>
#include <array>
#include <catch2/catch.hpp>
#include <cmath>

#include "core/error.h"
#include "stats/sp800_90b/iid/random.h"
#include "tests/stats/sp800_90b/generators.h"

using namespace lightseed;
using namespace lightseed::sp800_90b;

namespace {

std::vector<std::uint8_t> uniform_rows(std::size_t n, unsigned alphabet, std::uint64_t seed) {
  Random random(seed);
  std::vector<std::uint8_t> data(n);
  for (auto& x : data)
    x = static_cast<std::uint8_t>(random.below(alphabet));
  return data;
}

}  // namespace

TEST_CASE("restart: the cut-off of few samples, counted by hand") {
  // Four coin throws: P(max = 4) = 1/8, P(max >= 3) = 5/8.
  CHECK(restart_cutoff(4, 1, 0.13) == 3);
  CHECK(restart_cutoff(4, 1, 0.12) == 4);
  CHECK(restart_cutoff(4, 1, 0.63) == 2);
  // Three samples of three values, 1/3 each: P(max = 3) = 1/9, P(max = 1) = 2/9.
  CHECK(restart_cutoff(3, std::log2(3.0), 0.12) == 2);
  CHECK(restart_cutoff(3, std::log2(3.0), 0.11) == 3);
  CHECK(restart_cutoff(3, std::log2(3.0), 0.78) == 1);
}

TEST_CASE("restart: the cut-off agrees with a simulation") {
  for (const double claim : {0.3, 1.0, 2.5, 4.0, 7.9}) {
    constexpr int rounds = 4000;
    constexpr double alpha = 0.05;
    std::vector<unsigned> most;
    for (int round = 0; round < rounds; ++round) {
      Xoshiro random(7, static_cast<std::uint64_t>(round));
      std::array<unsigned, 512> counts{};
      for (int i = 0; i < 1000; ++i) {
        const double x = static_cast<double>(random() >> 11) * 0x1p-53;
        ++counts[static_cast<std::size_t>(x / std::exp2(-claim))];
      }
      most.push_back(*std::max_element(counts.begin(), counts.end()));
    }
    const std::uint64_t cutoff = restart_cutoff(1000, claim, alpha);
    const auto above = [&](std::uint64_t bound) {
      return static_cast<double>(std::count_if(most.begin(), most.end(), [&](unsigned x) { return x > bound; })) /
             rounds;
    };
    INFO(claim);
    CHECK(above(cutoff) <= alpha + 0.015);
    CHECK(above(cutoff - 1) >= alpha - 0.015);
  }
}

TEST_CASE("restart: a good source passes on both tracks, and its rows and columns are told apart") {
  const RestartMatrix matrix{.restarts = 100, .samples = 200};
  const auto data = uniform_rows(20'000, 16, 1);
  RestartOptions options{.matrix = matrix, .claim = 3, .non_iid = {.width = 4}};
  const auto result = assess_restarts(data, options);
  CHECK(result.passed());
  CHECK(result.min_entropy == 3);
  CHECK(result.rows.non_iid.samples == 20'000);
  CHECK_FALSE(result.rows.non_iid.h_bitstring);
  CHECK(to_json(result.rows.non_iid) != to_json(result.columns.non_iid));
  options.iid = PermutationOptions{.seed = 4};
  const auto iid = assess_restarts(data, options);
  CHECK(iid.passed());
  CHECK(iid.rows.iid->samples == 20'000);
}

TEST_CASE("restart: the same start each time fails the sanity check by its columns") {
  const auto row = uniform_rows(200, 16, 2);
  std::vector<std::uint8_t> data;
  for (int i = 0; i < 100; ++i)
    data.insert(data.end(), row.begin(), row.end());
  const auto result =
      assess_restarts(data, {.matrix = {.restarts = 100, .samples = 200}, .claim = 3, .non_iid = {.width = 4}});
  CHECK(result.columns.most_frequent == 100);
  CHECK(result.rows.most_frequent < 40);
  CHECK_FALSE(result.sane());
  CHECK_FALSE(result.passed());
  CHECK(result.min_entropy == 0);
}

TEST_CASE("restart: less than half of the claim fails") {
  // Rows that follow from their first samples: no value is frequent, but everything can be predicted.
  std::vector<std::uint8_t> data(40'000);
  for (std::size_t i = 0; i < data.size(); ++i)
    data[i] = static_cast<std::uint8_t>((i + i / 200 * 7) % 16);
  const auto result =
      assess_restarts(data, {.matrix = {.restarts = 200, .samples = 200}, .claim = 3, .non_iid = {.width = 4}});
  CHECK(result.sane());
  CHECK_FALSE(result.keeps_up());
  CHECK_FALSE(result.passed());
}

TEST_CASE("restart: wrong matrices and claims are refused") {
  const auto data = uniform_rows(20'000, 16, 3);
  const auto code = [&](const RestartOptions& options) {
    try {
      assess_restarts(data, options);
    } catch (const Error& error) {
      return cli::exit_code(error.category());
    }
    return 0;
  };
  const RestartMatrix right{.restarts = 100, .samples = 200};
  CHECK(code({.claim = 3, .non_iid = {.width = 4}}) == 2);  // 1000 x 1000
  CHECK(code({.matrix = {.restarts = 100, .samples = 0}, .claim = 3, .non_iid = {.width = 4}}) == 2);
  CHECK(code({.matrix = {.restarts = 100, .samples = 199}, .claim = 3, .non_iid = {.width = 4}}) == 2);
  CHECK(code({.matrix = right, .claim = 0, .non_iid = {.width = 4}}) == 2);
  CHECK(code({.matrix = right, .claim = 4.1, .non_iid = {.width = 4}}) == 2);
}

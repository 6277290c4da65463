// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>
#include <compare>
#include <map>
#include <string>

#include "core/error.h"
#include "stats/sp800_90b/iid/byte_statistics.h"
#include "stats/sp800_90b/iid/iid_assessment.h"
#include "stats/sp800_90b/iid/shuffle.h"
#include "tests/stats/sp800_90b/generators.h"
#include "tests/stats/sp800_90b/known_answers.h"

using namespace lightseed;
using namespace lightseed::sp800_90b;

namespace {

using Bytes = std::vector<std::uint8_t>;

Bytes uniform_data(std::uint64_t seed, std::size_t n, unsigned alphabet) {
  Random random(seed);
  Bytes data(n);
  for (auto& x : data)
    x = static_cast<std::uint8_t>(random.below(alphabet));
  return data;
}

StatisticValues all_of(const Bytes& data, unsigned width) {
  StatisticSet all;
  all.set();
  return statistics_of(data, sp800_90b::Samples(data, width))->original(all);
}

}  // namespace

TEST_CASE("IID: what NIST's tool computes of pi and e") {
  const Json known = load_json("known-answers");
  std::size_t entries = 0;
  for (const Json& entry : known["entries"]) {
    const std::string id = entry["id"];
    if (!id.ends_with("-iid")) continue;
    INFO(id);
    ++entries;
    const unsigned width = entry["input"]["bits_per_symbol"];
    const Bytes data = load_symbols(id.substr(0, id.find('-')), width, entry["input"]["samples"]);
    const Json& expected = entry["expected"];
    const StatisticValues values = all_of(data, width);
    std::size_t i = 0;
    for (const auto& [name, value] : expected["unpermuted"].items()) {
      INFO(name);
      CHECK(close_to(values[i++], number_of(value)));
    }
    CHECK(i == statistics_count);
    const auto check = [&](const ChiSquare& test, const Json& answer) {
      CHECK(close_to(test.statistic, number_of(answer["T"])));
      CHECK(test.degrees == answer["df"].get<std::int64_t>());
      CHECK(close_to(test.p, number_of(answer["P-value"])));
    };
    const BitString bits(data, 1);
    check(width == 1 ? independence(bits) : independence(data, 256), expected["Chi square independence"]);
    check(width == 1 ? goodness_of_fit(bits) : goodness_of_fit(data, 256), expected["Chi square goodness of fit"]);
    const LongestRepeatTest repeat = longest_repeat_test(data, 256);
    const Json& answer = expected["Literal Longest Repeated Substring"];
    CHECK(close_to(repeat.collision, number_of(answer["P_col"])));
    CHECK(repeat.length == answer["W"].get<std::uint64_t>());
    CHECK(close_to(repeat.probability, number_of(answer["Pr(X >= 1)"])));
    CHECK(repeat.passed());
  }
  CHECK(entries == 4);
}

// The worked examples of 5.1.1 to 5.1.10.
TEST_CASE("IID: the standard's examples") {
  Signs signs;
  rising_signs(Bytes{2, 2, 2, 5, 7, 7, 9, 3, 1, 4, 4}, signs);
  const Runs directional = runs_of(signs, 10);
  CHECK(directional.count == 3);
  CHECK(directional.longest == 6);
  upper_signs(Bytes{5, 15, 12, 1, 13, 9, 4}, 9, signs);
  const Runs median = runs_of(signs, 7);
  CHECK(median.count == 5);
  CHECK(median.longest == 2);
  const Collisions collisions = collisions_of(Bytes{2, 1, 1, 2, 0, 1, 0, 1, 1, 2});
  CHECK(collisions.average == 3);  // C = [3, 4, 2]
  CHECK(collisions.longest == 4);
  CHECK(periodicity(Bytes{2, 1, 2, 1, 0, 1, 0, 1, 1, 2}, 2) == 5);
  CHECK(covariance(Bytes{5, 2, 6, 10, 12, 3, 1}, 2) == 164);
}

TEST_CASE("IID: statistics by the text, on odd lengths") {
  for (const unsigned alphabet : {2U, 3U, 200U}) {
    for (const std::size_t n : {264, 500, 1000, 1023, 1025}) {
      const Bytes data = uniform_data(n, n, alphabet);
      INFO(alphabet << " values, " << n << " samples");
      const StatisticValues fast = all_of(data, 8);
      double sum = 0;
      double mean = 0;
      for (const auto x : data)
        mean += x;
      mean /= static_cast<double>(n);
      double excursion = 0;
      for (std::size_t i = 0; i < n; ++i) {
        sum += data[i];
        excursion = std::max(excursion, std::abs(sum - static_cast<double>(i + 1) * mean));
      }
      CHECK(fast[0] == Approx(excursion).epsilon(1e-12));
      Bytes blocks = data;
      if (alphabet == 2) {
        blocks.assign((n + 7) / 8, 0);
        for (std::size_t i = 0; i < n; ++i)
          blocks[i / 8] = static_cast<std::uint8_t>(blocks[i / 8] + data[i]);
      }
      std::uint64_t runs = 1;
      std::uint64_t longest = 1;
      std::uint64_t run = 1;
      std::uint64_t rising = 0;
      for (std::size_t i = 0; i + 1 < blocks.size(); ++i) {
        const bool up = blocks[i] <= blocks[i + 1];
        rising += up ? 1 : 0;
        if (i == 0) continue;
        const bool same = up == (blocks[i - 1] <= blocks[i]);
        runs += same ? 0 : 1;
        run = same ? run + 1 : 1;
        longest = std::max(longest, run);
      }
      CHECK(fast[1] == static_cast<double>(runs));
      CHECK(fast[2] == static_cast<double>(longest));
      CHECK(fast[3] == static_cast<double>(std::max(rising, blocks.size() - 1 - rising)));
      for (std::size_t k = 0; k < 5; ++k) {
        const std::size_t lag = std::array<std::size_t, 5>{1, 2, 8, 16, 32}[k];
        std::uint64_t same = 0;
        std::uint64_t products = 0;
        for (std::size_t i = 0; i + lag < blocks.size(); ++i) {
          same += blocks[i] == blocks[i + lag] ? 1 : 0;
          products += std::uint64_t{blocks[i]} * blocks[i + lag];
        }
        CHECK(fast[8 + k] == static_cast<double>(same));
        CHECK(fast[13 + k] == static_cast<double>(products));
      }
    }
  }
}

TEST_CASE("IID: periodicity and covariance, sample by sample, where registers are full") {
  constexpr std::size_t counted = 255 * 32;              // comparisons before counts of a byte are emptied
  constexpr std::size_t summed = std::size_t{16} << 15;  // products before sums of 32 bits are
  for (const std::size_t n :
       {std::size_t{1}, std::size_t{2}, std::size_t{17}, std::size_t{33}, std::size_t{64}, std::size_t{65}, counted,
        counted + 1, counted + 32, counted + 65, 2 * counted + 1, summed - 1, summed + 1, 2 * summed + 33}) {
    for (const unsigned alphabet : {1U, 3U, 256U}) {
      Bytes data = alphabet == 1 ? Bytes(n, 255) : uniform_data(n, n, alphabet);
      for (const std::size_t lag : {1, 2, 32}) {
        INFO(n << " samples of " << alphabet << " values, lag " << lag);
        std::uint64_t same = 0;
        std::uint64_t products = 0;
        for (std::size_t i = 0; i + lag < n; ++i) {
          same += data[i] == data[i + lag] ? 1 : 0;
          products += std::uint64_t{data[i]} * data[i + lag];
        }
        CHECK(periodicity(data, lag) == same);
        CHECK(covariance(data, lag) == products);
      }
    }
  }
}

TEST_CASE("IID: bounds on waits hold, and are near enough to decide") {
  for (const unsigned alphabet : {2U, 3U, 40U, 256U}) {
    for (const std::size_t n : {1, 256, 257, 264, 300, 1000, 5000}) {
      INFO(alphabet << " values, " << n << " samples");
      Bytes data = uniform_data(n + alphabet, n, alphabet);
      if (n == 1000) std::sort(data.begin(), data.end());  // waits of two
      const Collisions exact = collisions_of(data);
      for (const double average : {0.0, 1.0, 2.0, 2.5, 4.0, 10.0, exact.average * (1 - 1e-12), exact.average, 300.0}) {
        const double least = least_average_wait(data, average);
        CHECK(least <= exact.average);
        CHECK((least == 0 || least > average));
      }
      for (const std::uint64_t enough : {std::uint64_t{0}, exact.longest / 2, exact.longest - 1, exact.longest}) {
        const std::uint64_t longest = longest_wait(data, enough);
        CHECK(longest <= exact.longest);
        CHECK((longest > enough || longest == exact.longest));
      }
    }
  }
  CHECK(least_average_wait(uniform_data(1, 5000, 256), 4) > 4);
  CHECK(longest_wait(Bytes{1, 1, 2, 3, 2, 4, 5, 6, 4}, 2) == 3);  // of 2, 3 and 4
  // Nothing repeats at a distance below nine, so that every wait takes ten: here the bound is hardly below the average.
  Bytes nine(100'000);
  for (std::size_t i = 0; i < nine.size(); ++i)
    nine[i] = static_cast<std::uint8_t>(i % 9);
  CHECK(collisions_of(nine).average == 10);
  CHECK(least_average_wait(nine, 9.97) > 9.97);
  CHECK(least_average_wait(nine, 9.97) < 10);
  CHECK(least_average_wait(nine, 10) == 0);
  // Half of the waits are of two samples, the others of ten.
  for (std::size_t i = 0; i + 12 <= nine.size(); i += 12) {
    for (std::size_t k = 0; k < 12; ++k)
      nine[i + k] = static_cast<std::uint8_t>((k == 11 ? 2 : k == 1 ? 0 : k) + (i / 12 % 2) * 20);
  }
  CHECK(collisions_of(nine).average == Approx(6).margin(0.001));
  // A twelfth of the samples equals the one before, none the second before: 1/12 + (1 - 2/12)/4 waits a sample at most.
  CHECK(least_average_wait(nine, 3) == Approx((1 - 256e-5) / (1.0 / 12 + 10.0 / 12 / 4)).epsilon(1e-3));
}

TEST_CASE("IID: what is compared lies on the side where the exact values lie") {
  for (const unsigned alphabet : {2U, 3U, 256U}) {
    const unsigned width = alphabet == 2 ? 1 : 8;
    Bytes data = uniform_data(21, 6000, alphabet);
    const auto statistics = statistics_of(data, sp800_90b::Samples(data, width));
    StatisticSet cheap;
    cheap.set();
    cheap.reset(compression_statistic);
    for (std::uint64_t round = 0; round < 6; ++round) {
      const StatisticValues exact = statistics->permuted(Xoshiro(1, round), cheap, nullptr);
      for (const double factor : {0.1, 0.2, 0.5, 0.9, 1.0, 1.1, 2.0}) {
        StatisticValues original = exact;
        for (double& value : original)
          value *= factor;
        for (const bool both : {true, false}) {
          StatisticSet which = cheap;
          if (!both) which.reset(6);
          const StatisticValues compared = statistics->permuted(Xoshiro(1, round), which, &original);
          for (std::size_t i = 0; i < statistics_count; ++i) {
            if (!which[i]) continue;
            INFO(alphabet << " values, statistic " << i << ", factor " << factor);
            CHECK((compared[i] <=> original[i]) == (exact[i] <=> original[i]));
          }
        }
      }
    }
  }
}

TEST_CASE("IID: a shuffle keeps the counts and forgets the places") {
  Histogram counts{};
  counts[3] = 2;
  counts[7] = 1;
  counts[200] = 2;
  const Shuffle shuffle(counts);
  std::map<std::string, int> seen;
  constexpr int rounds = 30'000;
  for (int round = 0; round < rounds; ++round) {
    Xoshiro random(1, static_cast<std::uint64_t>(round));
    Bytes out(5);
    shuffle.draw(random, out);
    REQUIRE(histogram(out) == counts);
    ++seen[std::string(out.begin(), out.end())];
  }
  // 30 arrangements, 1000 each: chi-square with 29 degrees of freedom is below 64 but for once in 5000 seeds.
  CHECK(seen.size() == 30);
  double chi_square = 0;
  for (const auto& [arrangement, count] : seen)
    chi_square += std::pow(count - rounds / 30.0, 2) / (rounds / 30.0);
  CHECK(chi_square < 64);

  std::map<std::uint64_t, int> bits_seen;
  const BitShuffle bits(6, 2);
  for (int round = 0; round < 15'000; ++round) {
    Xoshiro random(2, static_cast<std::uint64_t>(round));
    std::uint64_t word = ~std::uint64_t{0};
    bits.draw(random, {&word, 1});
    REQUIRE(std::popcount(word) == 2);
    ++bits_seen[word];
  }
  CHECK(bits_seen.size() == 15);
  chi_square = 0;
  for (const auto& [arrangement, count] : bits_seen)
    chi_square += std::pow(count - 1000.0, 2) / 1000.0;
  CHECK(chi_square < 40);
}

TEST_CASE("IID: large shuffles, with rare symbols and one-sided bits") {
  Histogram counts{};
  counts[0] = 70'000;
  counts[1] = 3;
  counts[2] = 1;
  counts[255] = 2'000;
  Xoshiro random(5, 0);
  Bytes out(72'004);
  Shuffle(counts).draw(random, out);
  CHECK(histogram(out) == counts);
  for (const std::uint64_t ones : {0, 1, 500, 999, 1000}) {
    std::vector<std::uint64_t> words(16);
    BitShuffle(1000, ones).draw(random, words);
    std::uint64_t got = 0;
    for (const auto word : words)
      got += static_cast<std::uint64_t>(std::popcount(word));
    CHECK(got == ones);
    CHECK(words[15] >> 40 == 0);
  }
}

TEST_CASE("IID: independent samples pass, dependent ones fail, threads change nothing") {
  for (const unsigned alphabet : {2U, 16U}) {
    const unsigned width = alphabet == 2 ? 1 : 4;
    const Bytes good = uniform_data(11, 20'000, alphabet);
    IidOptions options{.width = width, .permutation = {.seed = 42, .threads = 1}};
    const auto one = assess_iid(good, options);
    INFO(to_json(one).dump(1));
    CHECK(one.passed());
    options.permutation.threads = 3;
    CHECK(to_json(assess_iid(good, options)) == to_json(one));
    options.permutation.seed = 43;
    CHECK(to_json(assess_iid(good, options)) != to_json(one));

    Bytes bad = good;  // every second sample is a neighbour's copy, one time in four
    Random random(3);
    for (std::size_t i = 1; i < bad.size(); ++i) {
      if (random.per_mille(250)) bad[i] = bad[i - 1];
    }
    options.permutation.rounds = 1000;
    const auto failed = assess_iid(bad, options);
    CHECK_FALSE(failed.passed());
    CHECK_FALSE(failed.rankings[13].passed());
    CHECK(failed.rankings[compression_statistic].skipped);
    CHECK(failed.rankings[13].rounds() == 1000);
  }
}

TEST_CASE("IID: all rounds when asked, and what becomes of too little") {
  const Bytes data = uniform_data(12, 1000, 16);
  const auto full = assess_iid(data, {.width = 4, .permutation = {.seed = 1, .rounds = 100, .full = true}});
  for (const Ranking& ranking : full.rankings)
    CHECK(ranking.rounds() == 100);
  const auto constant = assess_iid(Bytes(1000, 3), {.width = 8});
  CHECK_FALSE(constant.passed());
  CHECK(constant.min_entropy == 0);
  CHECK_THROWS_AS(assess_iid(Bytes(999, 3), {.width = 8}), Error);
  std::stop_source stop;
  stop.request_stop();
  CHECK_THROWS_AS(assess_iid(data, {.width = 4, .permutation = {.stop = stop.get_token()}}), Error);
}

TEST_CASE("IID: a long repeat fails, however long") {
  Bytes data = uniform_data(13, 20'000, 256);
  std::copy_n(data.begin(), 10'000, data.begin() + 10'000);
  const auto test = longest_repeat_test(data, 256);
  CHECK(test.length == 10'000);
  CHECK(test.probability == 0);
  CHECK_FALSE(test.passed());
}

TEST_CASE("IID: borderline is near the limit on either side") {
  CHECK(Ranking{.greater = 9990, .smaller = 10}.borderline());
  CHECK(Ranking{.greater = 9995, .smaller = 5}.borderline());
  CHECK_FALSE(Ranking{.greater = 10000}.borderline());
  CHECK_FALSE(Ranking{.greater = 60, .smaller = 40}.borderline());
  CHECK(Ranking{.greater = 4000, .equal = 6}.borderline());
}

// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <catch2/catch.hpp>
#include <cmath>
#include <map>
#include <string>

#include "stats/sp800_90b/confidence.h"
#include "stats/sp800_90b/non_iid/byte_match.h"
#include "stats/sp800_90b/non_iid/collision.h"
#include "stats/sp800_90b/non_iid/compression.h"
#include "stats/sp800_90b/non_iid/lag.h"
#include "stats/sp800_90b/non_iid/lz78y.h"
#include "stats/sp800_90b/non_iid/markov.h"
#include "stats/sp800_90b/non_iid/most_common_value.h"
#include "stats/sp800_90b/non_iid/multi_mcw.h"
#include "stats/sp800_90b/non_iid/multi_mmc.h"
#include "stats/sp800_90b/non_iid/sorted_suffixes.h"
#include "stats/sp800_90b/non_iid/suffix_array.h"
#include "stats/sp800_90b/non_iid/tuples.h"
#include "tests/stats/sp800_90b/generators.h"

/// The standard's text, word for word and slow, beside the fast versions.
using namespace lightseed::sp800_90b;

namespace {

using Bytes = std::vector<std::uint8_t>;

struct Score {
  std::uint64_t correct = 0;
  std::uint64_t longest = 0;
  std::uint64_t run = 0;
  void add(bool right) {
    correct += right ? 1 : 0;
    run = right ? run + 1 : 0;
    longest = std::max(longest, run);
  }
  bool operator==(const Prediction& fast) const { return correct == fast.correct && longest + 1 == fast.run; }
};

/// 6.3.8, steps 1–4; D lags.
Score lag_as_written(const Bytes& s, std::size_t D = 128) {
  Score score;
  std::array<std::uint64_t, 128> board{};
  std::size_t winner = 0;
  for (std::size_t i = 1; i < s.size(); ++i) {
    score.add(i > winner && s[i] == s[i - winner - 1]);
    for (std::size_t d = 0; d < D && d < i; ++d) {
      if (s[i] == s[i - d - 1] && ++board[d] >= board[winner]) winner = d;
    }
  }
  return score;
}

/// 6.3.7, steps 1–4.
Score mcw_as_written(const Bytes& s, const std::array<std::size_t, 4>& windows = {63, 255, 1023, 4095}) {
  Score score;
  std::array<std::uint64_t, 4> board{};
  std::size_t winner = 0;
  for (std::size_t i = windows[0]; i < s.size(); ++i) {
    std::array<int, 4> frequent{-1, -1, -1, -1};
    for (std::size_t w = 0; w < 4 && i >= windows[w]; ++w) {
      std::array<unsigned, 256> counts{};
      unsigned most = 0;
      for (std::size_t j = i - windows[w]; j < i; ++j)
        most = std::max(most, ++counts[s[j]]);
      for (std::size_t j = i; frequent[w] < 0; --j) {
        if (counts[s[j - 1]] == most) frequent[w] = s[j - 1];
      }
    }
    score.add(frequent[winner] == s[i]);
    for (std::size_t w = 0; w < 4; ++w) {
      if (frequent[w] == s[i] && ++board[w] >= board[winner]) winner = w;
    }
  }
  return score;
}

using Dictionary = std::map<std::string, std::map<std::uint8_t, std::uint64_t>>;

/// The likeliest successor, the greatest of equals, and its count.
std::pair<int, std::uint64_t> likeliest(const std::map<std::uint8_t, std::uint64_t>& successors) {
  std::pair<int, std::uint64_t> best{-1, 0};
  for (const auto& [symbol, count] : successors) {
    if (count >= best.second) best = {symbol, count};
  }
  return best;
}

std::string before(const Bytes& s, std::size_t i, std::size_t length) {
  return {s.begin() + static_cast<std::ptrdiff_t>(i - length), s.begin() + static_cast<std::ptrdiff_t>(i)};
}

/// 6.3.9, steps 1–4. The limit of 100000 pairs does not act on inputs this short. NIST's tool lets a run go on where
/// the winner predicts nothing.
Score mmc_as_written(const Bytes& s, bool like_nist, std::size_t D = 16) {
  Score score;
  std::array<Dictionary, 16> models;
  std::array<std::uint64_t, 16> board{};
  std::size_t winner = 0;
  for (std::size_t i = 2; i < s.size(); ++i) {
    for (std::size_t d = 1; d <= D && d < i; ++d)
      ++models[d - 1][before(s, i - 1, d)][s[i - 1]];
    std::array<int, 16> predicted;
    predicted.fill(-1);
    for (std::size_t d = 1; d <= D && d < i; ++d) {
      const auto found = models[d - 1].find(before(s, i, d));
      if (found != models[d - 1].end()) predicted[d - 1] = likeliest(found->second).first;
    }
    if (!like_nist || predicted[winner] >= 0) score.add(predicted[winner] == s[i]);
    for (std::size_t d = 0; d < D; ++d) {
      if (predicted[d] == s[i] && ++board[d] >= board[winner]) winner = d;
    }
  }
  return score;
}

/// 6.3.10, steps 1–4; contexts of up to B symbols.
Score lz78y_as_written(const Bytes& s, std::size_t B = 16) {
  Score score;
  Dictionary dictionary;
  for (std::size_t i = B + 1; i < s.size(); ++i) {
    for (std::size_t length = B; length > 0; --length) {
      const std::string context = before(s, i - 1, length);
      if (!dictionary.contains(context) && dictionary.size() >= 65536) continue;
      ++dictionary[context][s[i - 1]];
    }
    int predicted = -1;
    std::uint64_t most = 0;
    for (std::size_t length = B; length > 0; --length) {
      const auto found = dictionary.find(before(s, i, length));
      if (found == dictionary.end()) continue;
      const auto [symbol, count] = likeliest(found->second);
      if (count > most) {
        predicted = symbol;
        most = count;
      }
    }
    score.add(predicted == s[i]);
  }
  return score;
}

/// Of all tuples of a length: how often the most frequent one comes, and how many pairs of equal ones there are.
std::pair<std::uint64_t, std::uint64_t> tuples_of(const Bytes& s, std::size_t length) {
  std::map<std::string, std::uint64_t> counts;
  for (std::size_t i = 0; i + length <= s.size(); ++i)
    ++counts[before(s, i + length, length)];
  std::uint64_t most = 0;
  std::uint64_t pairs = 0;
  for (const auto& [tuple, count] : counts) {
    most = std::max(most, count);
    pairs += count * (count - 1) / 2;
  }
  return {most, pairs};
}

/// Q[i] and the pairs of 6.3.5 and 6.3.6 by counting every tuple of every length.
void check_census(const Bytes& s, const RepeatCensus& census) {
  std::size_t longest = 0;
  for (std::size_t length = 1; length < s.size(); ++length) {
    const auto [most, pairs] = tuples_of(s, length);
    if (most < 2) break;
    longest = length;
    INFO("length " << length);
    if (most >= 35) {
      REQUIRE(census.most_frequent().size() > length);
      REQUIRE(census.most_frequent()[length] == most);
    } else {
      REQUIRE(census.most_frequent().size() <= length);
      REQUIRE(census.pairs()[length] == pairs);
    }
  }
  CHECK(census.longest() == longest);
}

/// 6.3.5 and 6.3.6: the t-tuple and the longest-repeat estimate, a tuple counting as frequent from `cutoff` on.
std::pair<double, double> tuples_as_written(const Bytes& s, std::uint64_t cutoff) {
  double most_likely = 0;
  double collision = 0;
  for (std::size_t length = 1; length < s.size(); ++length) {
    const auto [most, pairs] = tuples_of(s, length);
    const auto places = static_cast<double>(s.size() - length + 1);
    const double root = 1 / static_cast<double>(length);
    if (most >= cutoff) {
      most_likely = std::max(most_likely, std::pow(static_cast<double>(most) / places, root));
    } else {
      collision = std::max(collision, std::pow(static_cast<double>(pairs) / (places * (places - 1) / 2), root));
    }
  }
  return {min_entropy_of(upper_bound(most_likely, s.size())), min_entropy_of(upper_bound(collision, s.size()))};
}

/// 6.3.4 with `d` blocks to fill the dictionary; G(z) term by term, the root by halving.
double compression_as_written(const Bytes& bits, std::size_t d) {
  const std::size_t blocks = bits.size() / 6;
  std::map<std::string, std::size_t> last;
  double sum = 0;
  double squares = 0;
  for (std::size_t i = 1; i <= blocks; ++i) {
    const std::string block = before(bits, 6 * i, 6);
    if (i > d) {
      const double log = std::log2(static_cast<double>(i - last[block]));
      sum += log;
      squares += log * log;
    }
    last[block] = i;
  }
  const auto v = static_cast<double>(blocks - d);
  const double mean = sum / v;
  const double sigma = 0.5907 * std::sqrt(squares / (v - 1) - mean * mean);
  const double bound = mean - static_cast<double>(z_alpha) * sigma / std::sqrt(v);
  const auto G = [&](double z) {
    double total = 0;
    for (std::size_t t = d + 1; t <= blocks; ++t) {
      for (std::size_t u = 1; u < t; ++u)
        total += std::log2(static_cast<double>(u)) * z * z * std::pow(1 - z, static_cast<double>(u - 1));
      total += std::log2(static_cast<double>(t)) * z * std::pow(1 - z, static_cast<double>(t - 1));
    }
    return total / v;
  };
  double low = 1.0 / 64;
  double high = 1;
  if (G(low) + 63 * G((1 - low) / 63) <= bound) return 1;
  for (int step = 0; step < 60; ++step) {
    const double middle = (low + high) / 2;
    (G(middle) + 63 * G((1 - middle) / 63) > bound ? low : high) = middle;
  }
  return -std::log2(low) / 6;
}

/// Data with few and many values, memory, repeats and silence.
Bytes sample(std::uint64_t seed, std::size_t n, unsigned alphabet) {
  Random random(seed);
  Bytes s(n);
  const std::uint32_t copy = seed % 4 == 0 ? 0 : random.below(990);
  const std::size_t lag = 1 + random.below(140);
  for (std::size_t i = 0; i < n; ++i)
    s[i] = i >= lag && random.per_mille(copy) ? s[i - lag] : static_cast<std::uint8_t>(random.below(alphabet));
  return s;
}

}  // namespace

TEST_CASE("the standard's worked examples of 6.3") {
  // They use smaller parameters than the estimators do, so the text's twins answer for most of them.
  const Bytes forty{1, 0, 0, 0, 1, 1, 1, 0, 0, 1, 0, 1, 0, 1, 0, 1, 1, 1, 0, 0,
                    1, 1, 0, 0, 0, 1, 1, 1, 0, 0, 1, 0, 1, 0, 1, 0, 1, 1, 1, 0};
  Bytes forty_eight = forty;
  forty_eight.insert(forty_eight.end(), {1, 1, 1, 0, 0, 0, 1, 1});
  const Bytes ternary{2, 2, 0, 1, 0, 2, 0, 1, 2, 1, 2, 0, 1, 2, 1, 0, 0, 1, 0, 0, 0};
  const auto predicted = [](const Score& score, std::size_t predictions) {
    return prediction(score.correct, score.longest, predictions, 3).min_entropy;
  };
  CHECK(most_common_value(Bytes{0, 1, 1, 2, 0, 1, 2, 2, 0, 1, 0, 1, 1, 0, 2, 2, 1, 0, 2, 1}).min_entropy ==
        Approx(0.5363).margin(1e-4));
  CHECK(collision(BitString(forty, 1)).min_entropy == Approx(0.4483).margin(1e-4));
  CHECK(markov(BitString(forty, 1)).min_entropy == Approx(0.761).margin(1e-3));
  CHECK(compression_as_written(forty_eight, 4) == Approx(0.1345).margin(1e-4));
  CHECK(tuples_as_written(ternary, 3).first == Approx(0.273).margin(1e-3));
  CHECK(tuples_as_written(ternary, 3).second == Approx(0.6146).margin(1e-4));
  CHECK(predicted(mcw_as_written({1, 2, 1, 0, 2, 1, 1, 2, 2, 0, 0, 0}, {3, 5, 7, 9}), 9) ==
        Approx(0.3908).margin(2e-4));  // the text rounds on its way
  CHECK(predicted(lag_as_written({2, 1, 3, 2, 1, 3, 1, 3, 1, 2}, 3), 9) == Approx(0.735).margin(1e-3));
  CHECK(predicted(mmc_as_written({2, 1, 3, 2, 1, 3, 1, 3, 1}, false, 3), 7) == Approx(0.0755).margin(1e-4));
  CHECK(predicted(lz78y_as_written({2, 1, 3, 2, 1, 3, 1, 3, 1, 2, 1, 3, 2}, 4), 8) == Approx(0.0191).margin(1e-4));
}

TEST_CASE("compression and tuples do what the text says") {
  for (std::uint64_t seed = 0; seed < 3; ++seed) {
    INFO("seed " << seed);
    const Bytes bits = sample(seed, 6600 + 60 * seed, 2);
    CHECK(compression(BitString(bits, 1)).min_entropy == Approx(compression_as_written(bits, 1000)).epsilon(1e-10));
  }
  for (std::uint64_t seed = 0; seed < 6; ++seed) {
    INFO("seed " << seed);
    const unsigned alphabet = std::array{2U, 3U, 20U}[seed % 3];
    const Bytes s = sample(seed, 900, alphabet);
    const auto [frequent, repeat] = tuples_as_written(s, 35);
    const RepeatCensus census = census_of_repeats(s, alphabet);
    CHECK(t_tuple(census, s.size())->min_entropy == Approx(frequent).epsilon(1e-10));
    CHECK(longest_repeat(census, s.size())->min_entropy == Approx(repeat).epsilon(1e-10));
  }
}

TEST_CASE("lag, MultiMMC and LZ78Y do what the text says") {
  for (std::uint64_t seed = 0; seed < 24; ++seed) {
    const unsigned alphabet = std::array{2U, 3U, 20U, 256U}[seed % 4];
    const Bytes s = sample(seed + 1000, 200 + 97 * seed, alphabet);
    INFO("seed " << seed);
    CHECK(lag_as_written(s) == lag(s, alphabet));
    CHECK(mmc_as_written(s, true) == multi_mmc(s, alphabet));
    CHECK(mmc_as_written(s, false) == multi_mmc(s, alphabet, true));
    CHECK(lz78y_as_written(s) == lz78y(s, alphabet));
    if (alphabet != 2) continue;
    const BitString bits(s, 1);
    CHECK(lag_as_written(s) == lag(bits));
    CHECK(mmc_as_written(s, true) == multi_mmc(bits));
    CHECK(mmc_as_written(s, false) == multi_mmc(bits, true));
    CHECK(lz78y_as_written(s) == lz78y(bits));
  }
}

TEST_CASE("LZ78Y: a full dictionary, with contexts whose shorter forms it lacks") {
  for (std::uint64_t seed = 0; seed < 3; ++seed) {
    Random random(seed);
    Bytes s(9000);
    // Symbols keep appearing for the first time while the dictionary fills up.
    for (std::size_t i = 0; i < s.size(); ++i)
      s[i] = static_cast<std::uint8_t>(random.below(40 + static_cast<std::uint32_t>(i * 210 / s.size())));
    std::copy_n(s.begin() + 3800, 1000, s.begin() + 7000);
    CHECK(lz78y_as_written(s) == lz78y(s, 256));
  }
  const Bytes bits = sample(4, 30000, 2);
  const Prediction fast = lz78y(BitString(bits, 1));
  CHECK(lz78y_as_written(bits) == fast);
  CHECK(lz78y(bits, 2).correct == fast.correct);
}

TEST_CASE("MultiMCW does what the text says") {
  for (std::uint64_t seed = 0; seed < 4; ++seed) {
    const unsigned alphabet = std::array{2U, 2U, 5U, 256U}[seed];
    const Bytes s = sample(seed, 4096 + 301 * seed, alphabet);
    INFO("seed " << seed);
    CHECK(mcw_as_written(s) == multi_mcw(s, alphabet));
    if (alphabet == 2) CHECK(mcw_as_written(s) == multi_mcw(BitString(s, 1)));
  }
}

TEST_CASE("bits and bytes agree on large binary data") {
  for (const Generated& data : generated_data()) {
    if (data.width != 1 || data.samples.size() < multi_mcw_minimum) continue;
    INFO(data.name);
    const BitString bits(data.samples, 1);
    CHECK(multi_mcw(bits).correct == multi_mcw(data.samples, 2).correct);
    CHECK(lag(bits).correct == lag(data.samples, 2).correct);
    CHECK(multi_mmc(bits).correct == multi_mmc(data.samples, 2).correct);
    CHECK(multi_mmc(bits).run == multi_mmc(data.samples, 2).run);
    CHECK(lz78y(bits).correct == lz78y(data.samples, 2).correct);
    CHECK(lz78y(bits).run == lz78y(data.samples, 2).run);
  }
}

TEST_CASE("the census counts what repeats") {
  for (std::uint64_t seed = 0; seed < 16; ++seed) {
    const unsigned alphabet = std::array{2U, 4U, 10U, 256U}[seed % 4];
    Bytes s = sample(seed, 60 + 23 * seed, alphabet);
    if (seed % 3 == 0) std::fill(s.end() - 20, s.end(), std::uint8_t{0});  // endings that look like padding
    if (seed % 5 == 0) std::copy_n(s.begin(), s.size() / 2, s.end() - static_cast<std::ptrdiff_t>(s.size() / 2));
    INFO("seed " << seed);
    check_census(s, census_of_repeats(s, alphabet));
    check_census(s, census_by_suffix_array(s));
    if (alphabet == 2) check_census(s, census_of_repeats(BitString(s, 1)));
  }
}

TEST_CASE("the census of common prefixes, length by length") {
  // Lengths on either side of those counted side by side, tuples on either side of 35, suffixes that fill what is taken
  // in at once or are one more.
  for (const std::size_t n : {0, 1, 2, 33, 34, 1023, 1024, 1025, 2048, 5000}) {
    for (const std::uint32_t longest : {1U, 3U, 31U, 32U, 33U, 34U, 70U}) {
      INFO(n << " common prefixes of up to " << longest);
      Random random(n + longest);
      std::vector<std::uint32_t> commons(n);
      for (auto& common : commons)
        common = random.per_mille(950) ? longest - std::min(longest, random.below(3)) : random.below(longest + 1);
      RepeatCensus census;
      for (const std::uint32_t common : commons)
        census.add(common);
      census.finish();
      std::size_t repeats = 0;
      for (std::uint32_t length = 1; length <= longest; ++length) {
        std::uint64_t most = 1;
        std::uint64_t pairs = 0;
        std::uint64_t group = 1;
        for (const std::uint32_t common : commons) {
          group = common >= length ? group + 1 : 1;
          most = std::max(most, group);
          pairs += group - 1;
        }
        if (most > 1) repeats = length;
        INFO("length " << length);
        REQUIRE((census.most_frequent().size() > length) == (most >= 35));
        if (most >= 35) {
          REQUIRE(census.most_frequent()[length] == most);
        } else if (most > 1) {
          REQUIRE(census.pairs()[length] == pairs);
        }
      }
      CHECK(census.longest() == repeats);
    }
  }
}

TEST_CASE("both ways to the census agree") {
  const auto same = [](const RepeatCensus& a, const RepeatCensus& b) {
    CHECK(a.longest() == b.longest());
    CHECK(a.most_frequent() == b.most_frequent());
    const std::size_t from = a.most_frequent().empty() ? 1 : a.most_frequent().size();
    REQUIRE(a.pairs().size() == b.pairs().size());
    if (from < a.pairs().size())
      CHECK(std::equal(a.pairs().begin() + static_cast<std::ptrdiff_t>(from), a.pairs().end(),
                       b.pairs().begin() + static_cast<std::ptrdiff_t>(from)));
  };
  for (const Generated& data : generated_data()) {
    INFO(data.name);
    same(census_of_repeats(data.samples, 256), census_by_suffix_array(data.samples));
  }
  // Enough for the radix sort's larger buckets, with a repeat that ends in the middle of a key.
  Bytes s = sample(8, 300'000, 256);
  std::copy_n(s.begin() + 1000, 131, s.begin() + 200'000);
  same(census_of_repeats(s, 256), census_by_suffix_array(s));
  // Bits, of which many agree in all that a sorted word shows first, with long repeats, one of them up to the end, and
  // endings that look like what stands behind the end.
  for (const std::uint32_t ones : {500U, 250U}) {
    for (const std::size_t n : {1000, 65'536, 150'001}) {
      INFO(n << " bits, " << ones << " ones in 1000");
      Random random(n + ones);
      Bytes bits(n);
      for (auto& bit : bits)
        bit = random.per_mille(ones) ? 1 : 0;
      std::copy_n(bits.begin() + 100, 333, bits.begin() + 500);
      if (ones == 250) {
        std::copy_n(bits.begin() + 200, 90, bits.end() - 90);
      } else {
        std::fill(bits.end() - 70, bits.end(), std::uint8_t{0});
      }
      same(census_of_repeats(bits, 2), census_by_suffix_array(bits));
      same(census_of_repeats(BitString(bits, 1)), census_by_suffix_array(bits));
    }
  }
}

TEST_CASE("byte matching: the portable twin") {
  Random random(3);
  std::array<std::uint8_t, 64> a{};
  std::array<std::uint8_t, 64> b{};
  for (int round = 0; round < 200; ++round) {
    for (std::size_t i = 0; i < 64; ++i) {
      a[i] = static_cast<std::uint8_t>(random.below(3) * 127);
      b[i] = static_cast<std::uint8_t>(random.below(3) * 127);
    }
    CHECK(byte_match_64(a.data(), b.data()) == byte_match_64_portable(a.data(), b.data()));
    CHECK(byte_not_above_64(a.data(), b.data()) == byte_not_above_64_portable(a.data(), b.data()));
  }
}

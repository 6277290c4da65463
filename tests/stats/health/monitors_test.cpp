// SPDX-License-Identifier: Apache-2.0
// The monitors' kernels against naive twins, their limits against exact tails, and what each is for.
#include <algorithm>
#include <boost/math/distributions/binomial.hpp>
#include <catch2/catch.hpp>
#include <cmath>
#include <numbers>
#include <random>
#include <set>

#include "core/error.h"
#include "stats/health/block_monitor.h"
#include "stats/health/measured_reference.h"
#include "stats/health/monitors/batch_fourier.h"
#include "stats/health/monitors/monitors.h"
#include "stats/health/portrait.h"

using namespace lightseed;
using namespace lightseed::health;

namespace {

constexpr std::size_t block = monitor_block;

/// A rounded bell of 8 bits.
Reference bell() {
  Reference reference{.law = std::vector<double>(256), .claim = 6};
  double total = 0;
  for (int c = 0; c < 256; ++c)
    total += reference.law[static_cast<std::size_t>(c)] = std::exp(-(c - 128) * (c - 128) / (2 * 30.0 * 30));
  for (double& p : reference.law)
    p /= total;
  return reference;
}

double unit(std::mt19937& words) {
  return (static_cast<double>(words()) + 0.5) / 4294967296.0;
}

template <typename Code = std::uint8_t>
std::vector<Code> samples_of(const Reference& reference, std::size_t count, unsigned seed) {
  std::mt19937 words(seed);
  std::vector<double> sums(reference.law.size());
  double sum = 0;
  for (std::size_t c = 0; c < sums.size(); ++c)
    sums[c] = sum += reference.law[c];
  std::vector<Code> samples(count);
  for (Code& sample : samples) {
    const double u = unit(words) * sum;
    sample = static_cast<Code>(std::lower_bound(sums.begin(), sums.end(), u) - sums.begin());
  }
  return samples;
}

template <typename Code>
Samples view(const std::vector<Code>& samples) {
  return std::span<const Code>(samples);
}

/// The names of the monitors that complain of these samples.
template <typename Code>
std::set<std::string> complaints(const Reference& reference, const std::vector<Code>& samples) {
  std::set<std::string> names;
  for (const auto& monitor : model_monitors(reference))
    if (monitor->feed(view(samples))) names.insert(monitor->record().id);
  return names;
}

std::set<std::string> complaints_when(const Reference& reference, const std::vector<std::uint8_t>& healthy,
                                      const std::function<std::uint8_t(std::uint8_t, std::size_t)>& damage) {
  std::vector<std::uint8_t> samples = healthy;
  for (std::size_t i = 0; i < samples.size(); ++i)
    samples[i] = damage(samples[i], i);
  return complaints(reference, samples);
}

}  // namespace

TEST_CASE("limits hold at exact tails, and are no wider than they need be") {
  const Reference reference = bell();
  for (const double p : {1e-6, 1e-3, 0.03, 0.5}) {
    CAPTURE(p);
    const Range range = share_range(reference, p, -32);
    const boost::math::binomial_distribution<double> law(static_cast<double>(block), p);
    const double limit = std::floor(range.high * static_cast<double>(block));
    const double beyond = boost::math::cdf(boost::math::complement(law, limit));
    CHECK(beyond < std::exp2(-33));
    CHECK(beyond > std::exp2(-48));
    if (range.low > 0) {
      const double least = std::ceil(range.low * static_cast<double>(block));
      CHECK((least < 1 || boost::math::cdf(law, least - 1) < std::exp2(-33)));
    }
  }
  // What has memory, or was only measured, is allowed more.
  Reference slow = reference;
  slow.memory = 4;
  Reference measured = reference;
  measured.measured_on = 1e6;
  const double plain = share_range(reference, 0.5, -32).high - 0.5;
  CHECK(share_range(slow, 0.5, -32).high - 0.5 == Approx(2 * plain).epsilon(0.01));
  CHECK(share_range(measured, 0.5, -32).high - 0.5 > plain + 0.003);
}

TEST_CASE("the batch's Fourier transform is that of its definition") {
  constexpr std::size_t n = monitor_segment;
  std::mt19937 words(5);
  std::vector<float> x(block);
  for (float& value : x)
    value = static_cast<float>(words() % 256) - 127.5F;
  BatchFourier fourier;
  std::vector<float> power(n / 2 + 1);
  fourier.powers(x.data(), power.data());
  for (const std::size_t k : {0U, 1U, 2U, 3U, 491U, 1024U, 2047U, 2048U}) {
    double wanted = 0;
    for (std::size_t segment = 0; segment < block / n; ++segment) {
      double re = 0, im = 0;
      for (std::size_t i = 0; i < n; ++i) {
        const double turn = 2 * std::numbers::pi * static_cast<double>(i) / static_cast<double>(n);
        const double value = (0.5 - 0.5 * std::cos(turn)) * static_cast<double>(x[segment * n + i]);
        re += value * std::cos(turn * static_cast<double>(k));
        im -= value * std::sin(turn * static_cast<double>(k));
      }
      wanted += re * re + im * im;
    }
    CAPTURE(k);
    CHECK(static_cast<double>(power[k]) == Approx(wanted).epsilon(1e-4));
  }
}

TEST_CASE("readings are the numbers they say, however samples are cut, in both widths") {
  const Reference reference = bell();
  const auto bytes = samples_of(reference, 2 * block, 3);
  const std::vector<std::uint16_t> words(bytes.begin(), bytes.end());
  double sum = 0, squares = 0, ends = 0, product = 0;
  const double mean = mean_of(reference);
  for (std::size_t i = block; i < 2 * block; ++i) {
    sum += bytes[i];
    squares += (bytes[i] - mean) * (bytes[i] - mean);
    ends += bytes[i] == 0 || bytes[i] == 255 ? 1 : 0;
  }
  double worst = 0;
  for (std::size_t lag = 1; lag <= monitor_lags; ++lag) {
    product = 0;
    for (std::size_t i = 0; i < block / 2; ++i)
      product += (bytes[block + i] - mean) * (bytes[block + i + lag] - mean);
    worst = std::max(worst, std::abs(product / (variance_of(reference) * static_cast<double>(block / 2))));
  }
  const auto whole = model_monitors(reference), cut = model_monitors(reference), wide = model_monitors(reference);
  REQUIRE(whole.size() == 9);
  for (std::size_t m = 0; m < whole.size(); ++m) {
    CHECK_FALSE(whole[m]->feed(view(bytes)));
    CHECK_FALSE(wide[m]->feed(view(words)));
    for (std::size_t at = 0, size = 1; at < bytes.size(); at += size, size = size * 3 % 5003 + 1) {
      size = std::min(size, bytes.size() - at);
      CHECK_FALSE(cut[m]->feed(std::span<const std::uint8_t>(bytes).subspan(at, size)));
    }
    const HealthTestRecord record = whole[m]->record();
    CAPTURE(record.id);
    CHECK(record.readings == cut[m]->record().readings);
    CHECK(record.readings == wide[m]->record().readings);
    CHECK(record.readings["blocks"] == 2);
    CHECK(faults_of_model_monitor(record).empty());
    const double last = record.readings["last"].get<double>();
    if (record.id == "model-mean") CHECK(last == Approx(sum / static_cast<double>(block)));
    if (record.id == "model-variance") CHECK(last == Approx(squares / static_cast<double>(block)));
    if (record.id == "model-saturation") CHECK(last == Approx(ends / static_cast<double>(block)));
    if (record.id == "model-correlation") CHECK(last == Approx(worst).margin(1e-5));
  }
}

TEST_CASE("each monitor finds what it is for; healthy samples pass all") {
  const Reference reference = bell();
  const auto healthy = samples_of(reference, 14 * block, 8);
  CHECK(complaints(reference, healthy).empty());
  const auto when = [&](const std::function<std::uint8_t(std::uint8_t, std::size_t)>& damage) {
    return complaints_when(reference, healthy, damage);
  };
  const auto keep = [](double x) { return static_cast<std::uint8_t>(std::clamp(std::floor(x + 0.5), 0.0, 255.0)); };
  // A step of one code in thirty of the deviation: mean. A tenth of that: drift alone.
  CHECK(when([](auto x, auto) { return static_cast<std::uint8_t>(x == 255 ? x : x + 1); }).count("model-mean") == 1);
  CHECK(when([](auto x, auto i) { return static_cast<std::uint8_t>(i % 3 == 0 && x < 255 ? x + 1 : x); }) ==
        std::set<std::string>{"model-drift"});
  CHECK(when([&](auto x, auto) { return keep(128 + (x - 128) * 0.97); }).count("model-variance") == 1);
  CHECK(when([&](auto x, auto) { return keep(128 + (x - 128) * 6.0); }).count("model-saturation") == 1);
  CHECK(when([](auto x, auto) { return static_cast<std::uint8_t>(x & 0xfe); }).count("model-bit-bias") == 1);
  // A bit that is inverted takes nothing away: only the codes' own monitor knows that they have changed places.
  CHECK(when([](auto x, auto) { return static_cast<std::uint8_t>(x ^ 1); }) == std::set<std::string>{"model-codes"});
  // A faint line, one part in eight hundred of the power, half way between two frequencies.
  CHECK(when([&](auto x, auto i) {
          return keep(x + 1.5 * std::sin(2 * std::numbers::pi * 0.1200 * static_cast<double>(i)));
        }) == std::set<std::string>{"model-spectrum"});
  std::uint8_t before = 128;
  CHECK(when([&](auto x, auto) {
          const double y = 128 + 0.2 * (before - 128) + 0.98 * (x - 128);
          return before = keep(y);
        }).count("model-correlation") == 1);
}

TEST_CASE("a code that never comes and two bits exchanged are found, and by the monitor of codes alone") {
  const Reference reference = bell();
  const auto healthy = samples_of(reference, 14 * block, 9);
  const auto when = [&](const std::function<std::uint8_t(std::uint8_t, std::size_t)>& damage) {
    return complaints_when(reference, healthy, damage);
  };
  const std::set<std::string> codes{"model-codes"};
  // A common code, and one of which 1.2 in ten thousand samples are: fifty in seven blocks.
  for (const unsigned missing : {128U, 36U}) {
    CAPTURE(missing);
    CHECK(when([&](auto x, auto) {
            return static_cast<std::uint8_t>(x == missing ? x - 1 : x);
          }).count("model-codes") == 1);
  }
  for (unsigned bit = 0; bit + 1 < 8; ++bit) {
    CAPTURE(bit);
    const auto found = when([&](auto x, auto) {
      const unsigned differ = (x >> bit ^ x >> (bit + 1)) & 1U;
      return static_cast<std::uint8_t>(x ^ (differ << bit | differ << (bit + 1)));
    });
    CHECK(found.count("model-codes") == 1);
    if (bit == 0) CHECK(found == codes);
  }
}

TEST_CASE("codes that a measurement has hardly seen are no fault when they come") {
  // Ten codes of deviation below the middle of 9 bits: with the highest two exchanged nearly all would be codes that
  // never come, and what tells between them are those that were seen once.
  Reference narrow{.law = std::vector<double>(512), .claim = 5};
  double total = 0;
  for (int c = 0; c < 512; ++c)
    total += narrow.law[static_cast<std::size_t>(c)] = std::exp(-(c - 225) * (c - 225) / (2 * 10.0 * 10));
  for (double& p : narrow.law)
    p /= total;
  const Reference reference = measured_reference(samples_of<std::uint16_t>(narrow, 8 * block, 20), 9, 5);
  for (unsigned seed = 21; seed < 25; ++seed)
    CHECK(complaints(reference, samples_of<std::uint16_t>(narrow, 14 * block, seed)).empty());
}

TEST_CASE("the monitor of codes reads what a naive twin does, and its limits are those of the law") {
  const Reference reference = bell();
  const auto samples = samples_of(reference, 7 * block, 10);
  const auto monitor = codes_monitor(reference, -32);
  REQUIRE_FALSE(monitor->feed(std::span<const std::uint8_t>(samples).first(6 * block)));
  REQUIRE_FALSE(monitor->feed(std::span<const std::uint8_t>(samples).subspan(6 * block)));
  std::vector<std::size_t> watched;
  for (std::size_t c = 0; c < 256; ++c)
    if (reference.law[c] * 7 * block >= 20) watched.push_back(c);
  const double numbers = std::log2(static_cast<double>(watched.size() + 8));
  double worst = 0;
  for (const std::size_t blocks : {std::size_t{1}, std::size_t{7}}) {
    // Each is the last: the seventh block, and all seven.
    const auto seen = std::span<const std::uint8_t>(samples).last(blocks * block);
    const double alpha = blocks == 1 ? -32 - numbers - 4 : 1 - (1 - (-32 - numbers - std::log2(16.0 / 15))) / 7;
    const auto part = [&](const Range& range, double value) {
      return std::abs(value - (range.low + range.high) / 2) / ((range.high - range.low) / 2);
    };
    for (const std::size_t c : watched) {
      const auto count = static_cast<double>(std::count(seen.begin(), seen.end(), static_cast<std::uint8_t>(c)));
      worst = std::max(worst,
                       part(share_range(reference, reference.law[c], alpha), count / static_cast<double>(seen.size())));
    }
    for (std::size_t bit = 0; bit < 7; ++bit) {
      std::vector<double> values(256);
      for (std::size_t c = 0; c < 256; ++c) {
        std::size_t other = c & ~(std::size_t{3} << bit);
        other |= (c >> bit & 1) << (bit + 1) | (c >> (bit + 1) & 1) << bit;
        const double least = 20.0 / (7 * block);
        if (reference.law[other] >= least && reference.law[c] >= least)
          values[c] = std::log(reference.law[other] / reference.law[c]);
      }
      double mean = 0;
      for (const std::uint8_t sample : seen)
        mean += values[sample] / static_cast<double>(seen.size());
      worst = std::max(worst, part(block_range(reference, values, alpha), mean));
    }
  }
  CHECK(monitor->record().readings["last"].get<double>() == Approx(worst).epsilon(1e-9));
  CHECK(worst < 1);
  // A block's limits leave the rate they should to all of the numbers, a stretch's by the seventh power: binomial
  // tails.
  using Binomial = boost::math::binomial_distribution<double>;
  double chance = 0;
  for (const std::size_t c : watched) {
    const double p = reference.law[c];
    for (const std::size_t blocks : {std::size_t{1}, std::size_t{7}}) {
      const double alpha = blocks == 1 ? -32 - numbers - 4 : 1 - (1 - (-32 - numbers - std::log2(16.0 / 15))) / 7;
      const Range range = share_range(reference, p, alpha);
      const auto n = static_cast<double>(blocks * block);
      const Binomial law(n, p);
      if (range.low > 0) chance += boost::math::cdf(law, std::ceil(range.low * n) - 1);
      chance += boost::math::cdf(boost::math::complement(law, std::floor(range.high * n)));
    }
  }
  CHECK(std::log2(chance) < -32);
  CHECK(std::log2(chance) > -45);
  CHECK(codes_monitor({.law = {0.5, 0.5}, .claim = 1}, -32) == nullptr);
}

TEST_CASE("a replay is found whatever its length and place, in bits too") {
  const Reference reference = bell();
  for (const std::size_t period : {4096U, 5003U, 30011U}) {
    auto samples = samples_of(reference, 4 * block, 9);
    for (std::size_t i = 1777 + period; i < samples.size(); ++i)
      samples[i] = samples[i - period];
    CAPTURE(period);
    CHECK(complaints(reference, samples).count("model-replay") == 1);
  }
  // A buffer of 16,384 that is sent once more, a million samples later and after a restart.
  auto samples = samples_of(reference, 17 * block, 10);
  std::copy_n(samples.begin() + 100, 16384, samples.begin() + 16 * block + 777);
  const auto monitor = replay_monitor(reference, -40);
  CHECK_FALSE(monitor->feed(std::span<const std::uint8_t>(samples).first(16 * block)));
  monitor->restart();
  CHECK(monitor->feed(std::span<const std::uint8_t>(samples).subspan(16 * block)));

  const Reference coin{.law = {0.51, 0.49}, .claim = 0.9};
  auto bits = samples_of<std::uint16_t>(coin, 4 * block, 11);
  CHECK(complaints(coin, bits).empty());
  for (std::size_t i = block; i < bits.size(); ++i)
    bits[i] = bits[i - 9999];
  CHECK(complaints(coin, bits).count("model-replay") == 1);
  // Too little entropy for pieces never to be alike by chance: no monitor rather than a wrong one.
  CHECK(replay_monitor({.law = {0.99, 0.01}, .claim = 0.01}, -40) == nullptr);
}

TEST_CASE("a measured reference knows memory, correlation and spectrum, and its monitors accept their like") {
  std::mt19937 words(12);
  const auto coloured = [&](std::size_t count) {
    std::vector<std::uint16_t> samples(count);
    double state = 0;
    for (std::uint16_t& sample : samples) {
      double normal = -6;
      for (int i = 0; i < 12; ++i)
        normal += unit(words);
      state = 0.6 * state + 0.8 * normal;
      sample = static_cast<std::uint16_t>(std::clamp(std::floor(128 + 25 * state), 0.0, 255.0));
    }
    return samples;
  };
  const Reference reference = measured_reference(coloured(16 * block), 8, 5);
  CHECK(reference.correlation[0] == Approx(0.6).margin(0.01));
  CHECK(reference.correlation[2] == Approx(0.216).margin(0.01));
  CHECK(reference.memory == Approx(1.5 * 4).epsilon(0.35));  // (1 + rho) / (1 - rho), half as much again
  CHECK(reference.spectrum[100] / reference.spectrum[1900] == Approx(14.5).epsilon(0.2));
  CHECK(complaints(reference, coloured(16 * block)).empty());
  Reference white = bell();
  white.claim = 5;
  CHECK(complaints(reference, samples_of<std::uint16_t>(white, block, 13)).count("model-correlation") == 1);
  CHECK_THROWS_AS(measured_reference(coloured(1000), 8, 5), Error);
}

TEST_CASE("a monitor's record is judged again") {
  const Reference reference = bell();
  const auto monitor = mean_monitor(reference, -32);
  CHECK_THROWS_AS(faults_of_model_monitor(monitor->record()), Error);  // no block yet, so no readings
  CHECK_FALSE(monitor->feed(view(samples_of(reference, 2 * block, 14))));
  const HealthTestRecord good = monitor->record();
  CHECK(faults_of_model_monitor(good).empty());
  const auto faulty = [&](const std::function<void(HealthTestRecord&)>& change) {
    HealthTestRecord record = good;
    change(record);
    return faults_of_model_monitor(record).size();
  };
  CHECK(faulty([](auto& r) { r.window = 512; }) == 1);
  CHECK(faulty([](auto& r) { r.alpha_log2 = -20; }) == 1);
  CHECK(faulty([](auto& r) { r.cutoff = 7; }) == 1);
  CHECK(faulty([](auto& r) { r.id = "model-mood"; }) == 1);
  CHECK(faulty([](auto& r) { r.readings["high"] = r.readings["lowest"]; }) == 1);
  CHECK(faulty([](auto& r) { r.readings["blocks"] = 1; }) == 1);
  CHECK_THROWS_AS(faulty([](auto& r) { r.readings.erase("low"); }), Error);
  CHECK_THROWS_AS(faulty([](auto& r) { r.readings["mood"] = 1; }), Error);
  CHECK_THROWS_AS(faulty([](auto& r) { r.readings["last"] = 1e9; }), Error);
}

TEST_CASE("a portrait's numbers") {
  const Reference reference = bell();
  const auto samples = samples_of<std::uint16_t>(reference, block, 15);
  const Portrait portrait = portrait_of(samples, 8);
  CHECK(portrait.histogram.size() == 64);
  CHECK(portrait.mean == Approx(128).margin(0.5));
  CHECK(portrait.variance == Approx(variance_of(reference)).epsilon(0.05));
  CHECK(portrait.min_entropy == Approx(-std::log2(reference.law[128])).margin(0.15));
  for (const double r : portrait.correlation)
    CHECK(std::abs(r) < 0.025);
  for (const double db : portrait.spectrum)
    CHECK(std::abs(db) < 1.5);
  const Portrait constant = portrait_of(std::vector<std::uint16_t>(2000, 1), 1);
  CHECK(constant.min_entropy == 0);
  CHECK(constant.histogram == std::vector<std::uint64_t>{0, 2000});
  CHECK(constant.correlation.empty());
}

// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <string>
#include <vector>

#include "stats/sp800_90b/assessment.h"
#include "stats/sp800_90b/iid/bzip2_length.h"
#include "stats/sp800_90b/iid/iid_assessment.h"
#include "stats/sp800_90b/restart_test.h"
#include "tests/bench/bench.h"

namespace {

using namespace lightseed;
using namespace lightseed::sp800_90b;

constexpr std::size_t million = 1'000'000;

std::vector<std::uint8_t> uniform(unsigned width) {
  Xoshiro random(90, width);
  std::vector<std::uint8_t> data(million);
  for (auto& sample : data)
    sample = static_cast<std::uint8_t>(random() >> (64 - width));
  return data;
}

/// Every second sample in four repeats its neighbour: clearly not independent.
std::vector<std::uint8_t> sticky(unsigned width) {
  std::vector<std::uint8_t> data = uniform(width);
  Xoshiro random(91, width);
  for (std::size_t i = 1; i < data.size(); ++i) {
    if (random() >> 62 == 0) data[i] = data[i - 1];
  }
  return data;
}

std::vector<std::uint8_t> twice_the_same() {
  std::vector<std::uint8_t> data = uniform(8);
  std::copy_n(data.begin(), million / 2, data.begin() + million / 2);
  return data;
}

/// Seconds of CPU on one core.
bench::Goal seconds_of_estimate(double goal) {
  return {.unit = "s", .goal = goal, .lower_is_better = true};
}

bench::Body non_iid(std::vector<std::uint8_t> data, unsigned width, std::vector<std::string> only = {}) {
  return [=](benchmark::State& state) {
    for (auto _ : state)
      benchmark::DoNotOptimize(assess(data, {.width = width, .only = only, .threads = 1}));
    return 1.0;
  };
}

bench::Body iid(std::vector<std::uint8_t> data, unsigned width) {
  return [=](benchmark::State& state) {
    for (auto _ : state)
      benchmark::DoNotOptimize(assess_iid(data, {.width = width, .permutation = {.seed = 1, .threads = 1}}));
    return 1.0;
  };
}

/// One permutation and all statistics of it but compression, which is libbz2's time.
bench::Body round_of(unsigned width) {
  return [width](benchmark::State& state) {
    const auto data = uniform(width);
    const auto statistics = statistics_of(data, Samples(data, width));
    StatisticSet cheap;
    cheap.set();
    cheap.reset(compression_statistic);
    std::uint64_t round = 0;
    for (auto _ : state)
      benchmark::DoNotOptimize(statistics->permuted(Xoshiro(1, round++), cheap, nullptr));
    return 1.0;
  };
}

/// The compression statistic of one permutation; NIST's tool, and anyone with libbz2, takes 0.2 to 0.4 s.
bench::Body compression_round(unsigned width) {
  return [width](benchmark::State& state) {
    const auto data = uniform(width);
    for (auto _ : state)
      benchmark::DoNotOptimize(bzip2_length(data));
    return 1.0;
  };
}

const bool registered_sp800_90b = [] {
  bench::add("sp800-90b/non-iid/8-bit", seconds_of_estimate(0.6), non_iid(uniform(8), 8));
  bench::add("sp800-90b/non-iid/1-bit", seconds_of_estimate(0.2), non_iid(uniform(1), 1));
  bench::add("sp800-90b/non-iid/8-bit/second half repeats the first", seconds_of_estimate(3),
             non_iid(twice_the_same(), 8));
  for (const std::string_view id : estimator_ids())
    bench::add("sp800-90b/8-bit/" + std::string(id), seconds_of_estimate(0), non_iid(uniform(8), 8, {std::string(id)}));
  bench::add("sp800-90b/iid/round/8-bit", seconds_of_estimate(0), round_of(8));
  bench::add("sp800-90b/iid/round/1-bit", seconds_of_estimate(0), round_of(1));
  bench::add("sp800-90b/iid/compression/8-bit", seconds_of_estimate(0.1), compression_round(8));
  bench::add("sp800-90b/iid/compression/1-bit", seconds_of_estimate(0.1), compression_round(1));
  bench::add("sp800-90b/iid/8-bit good", seconds_of_estimate(3), iid(uniform(8), 8));
  bench::add("sp800-90b/iid/1-bit failing", seconds_of_estimate(30), iid(sticky(1), 1));
  bench::add("sp800-90b/iid/8-bit failing", seconds_of_estimate(15), iid(sticky(8), 8));
  bench::add("sp800-90b/restart/8-bit", seconds_of_estimate(4), [](benchmark::State& state) {
    const auto data = uniform(8);
    for (auto _ : state)
      benchmark::DoNotOptimize(assess_restarts(data, {.claim = 6, .non_iid = {.width = 8, .threads = 1}}));
    return 1.0;
  });
  return true;
}();

}  // namespace

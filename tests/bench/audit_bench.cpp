// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "stats/audit/suite.h"
#include "stats/gmt0005/gmt0005.h"
#include "stats/sequence/linear_complexity.h"
#include "stats/sp800_22/sp800_22.h"
#include "stats/sp800_90b/iid/random.h"
#include "tests/bench/bench.h"

namespace {

using namespace lightseed;
using namespace lightseed::stats;

constexpr std::size_t sequence_bits = 1'000'000;

std::vector<std::byte> random_bytes(std::size_t size) {
  sp800_90b::Xoshiro random(22, 1);
  std::vector<std::byte> bytes(size);
  for (auto& byte : bytes)
    byte = static_cast<std::byte>(random() >> 56);
  return bytes;
}

/// Seconds of CPU on one core, for a sequence of a million bits.
bench::Goal seconds(double goal) {
  return {.unit = "s", .goal = goal, .lower_is_better = true};
}

double sp800_22_sequence(benchmark::State& state) {
  const auto bytes = random_bytes(sequence_bits / 8);
  const Spectrum spectrum(sequence_bits);
  for (auto _ : state) {
    const Sequence sequence(packed_bits(bytes, sequence_bits));
    const sp800_22::Facts facts{sequence, sp800_22::find_profile("corrected"), spectrum};
    benchmark::DoNotOptimize(run_battery(sp800_22::tests(), facts, sequence_bits));
  }
  return 1.0;
}

double gmt0005_sequence(benchmark::State& state) {
  const auto bytes = random_bytes(sequence_bits / 8);
  const Spectrum spectrum(sequence_bits);
  for (auto _ : state) {
    const Sequence sequence(packed_bits(bytes, sequence_bits), 8);
    const gmt0005::Facts facts{sequence, gmt0005::parameters_for("2021", sequence_bits), spectrum};
    benchmark::DoNotOptimize(run_battery(gmt0005::tests(), facts, sequence_bits));
  }
  return 1.0;
}

double spectral_count(benchmark::State& state) {
  const BitString bits = packed_bits(random_bytes(sequence_bits / 8), sequence_bits);
  const Spectrum spectrum(sequence_bits);
  for (auto _ : state)
    benchmark::DoNotOptimize(spectrum.below(bits, 2.995732274e6));
  return 1.0;
}

bench::Body linear_complexity_of(std::size_t block) {
  return [block](benchmark::State& state) {
    const BitString bits = packed_bits(random_bytes(sequence_bits / 8), sequence_bits);
    for (auto _ : state)
      benchmark::DoNotOptimize(linear_complexities(bits, block));
    return 1.0;
  };
}

/// Bytes a suite looks at, on one core.
bench::Body suite(std::string id) {
  return [id = std::move(id)](benchmark::State& state) {
    const Suite& suite = find_suite(id);
    const auto run = suite.begin({.profile = suite.profiles.empty() ? "" : std::string(suite.profiles.front())});
    const auto bytes = random_bytes(std::max<std::size_t>(1, 1'000'000 / run->chunk_bytes()) * run->chunk_bytes());
    for (auto _ : state)
      run->look(bytes)();
    return static_cast<double>(bytes.size());
  };
}

const bool registered_audit = [] {
  bench::add("audit/sp800-22/million bits", seconds(0.009), sp800_22_sequence);
  bench::add("audit/gmt0005/million bits", seconds(0.010), gmt0005_sequence);
  bench::add("audit/spectrum/million bits", seconds(0.005), spectral_count);
  bench::add("audit/linear complexity 500/million bits", seconds(0.0005), linear_complexity_of(500));
  bench::add("audit/linear complexity 1000/million bits", seconds(0.0008), linear_complexity_of(1000));
  const bench::Goal fips{.unit = "MB/s", .scale = 1e6, .goal = 500};
  const bench::Goal ent{.unit = "MB/s", .scale = 1e6, .goal = 1000};
  const bench::Goal none{.unit = "MB/s", .scale = 1e6};
  bench::add("audit/fips140-2", fips, suite("fips140-2"));
  bench::add("audit/ent", ent, suite("ent"));
  for (const std::string id : {"pooled", "ais31-a", "ais31-b"})
    bench::add("audit/" + id, none, suite(id));
  return true;
}();

}  // namespace

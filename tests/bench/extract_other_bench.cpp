// SPDX-License-Identifier: Apache-2.0
#include <cstdint>
#include <random>
#include <vector>

#include "core/bits.h"
#include "entropy/condition/conditioner.h"
#include "entropy/extract/registry.h"
#include "tests/bench/bench.h"
#include "tests/bench/clock.h"
#include "tests/bench/multiplier.h"

namespace {

using namespace lightseed;

std::vector<std::uint64_t> random_words(std::size_t words) {
  std::mt19937_64 engine(1);
  std::vector<std::uint64_t> result(words);
  for (std::uint64_t& word : result)
    word = engine();
  return result;
}

/// Raw bits, 64 blocks a call.
double run(benchmark::State& state, const char* name, ExtractorShape shape) {
  constexpr std::size_t blocks = 64;
  const auto extractor = extractor_kind(name).make(shape, random_words(words_for(shape.seed_bits)), active_target());
  const auto input = random_words(blocks * words_for(shape.input_bits));
  std::vector<std::uint64_t> output(blocks * words_for(shape.output_bits));
  for (auto _ : state) {
    extractor->extract_blocks(input, output, blocks);
    benchmark::ClobberMemory();
  }
  return static_cast<double>(blocks * shape.input_bits);
}

/// So much in so many seconds; 0 where those are not known.
double limit_of(double quantity, double seconds) {
  return seconds > 0 ? quantity / seconds : 0;
}

double condition(benchmark::State& state, const char* name) {
  const Conditioner& component = conditioner(name);
  const auto input = random_words(2048);
  const auto key = random_words(8);
  std::vector<std::byte> out(component.output_bits() / 8);
  for (auto _ : state)
    component.condition(std::as_bytes(std::span(key)).first(component.key_bytes()), std::as_bytes(std::span(input)),
                        out);
  return static_cast<double>(input.size() * 64);
}

bool add_all() {
  const ExtractorShape dense{2048, 1792, 2048 * 1792};
  bench::add(
      "extract/dense/2048x1792",
      // A matrix of 8 x 8 bits, eight of them an instruction.
      {.unit = "Gbit/s",
       .scale = 1e9,
       .goal = 6,
       .limit = [] { return limit_of(4096.0 / 1792, bench::measured_multiplier(active_target()).affine_product); },
       .limit_why = "GF2P8AFFINEQB"},
      [=](benchmark::State& state) { return run(state, "dense", dense); });
  bench::add("extract/von-neumann",
             {.unit = "Gbit/s",
              .scale = 1e9,
              .goal = 30,
              .limit = [] { return 32 * bench::clock_hz(); },
              .limit_why = "PEXT and POPCNT port"},
             [](benchmark::State& state) {
               return run(state, "von-neumann", {65536, 32768, 0});
             });
  bench::add("extract/peres", {.unit = "Gbit/s", .scale = 1e9}, [](benchmark::State& state) {
    return run(state, "peres", {65536, 65536, 0});
  });
  bench::add("extract/elias", {.unit = "Gbit/s", .scale = 1e9}, [](benchmark::State& state) {
    return run(state, "elias", {65536, 61440, 0});
  });
  // n = 10^4, epsilon 2^-20, k = n/2. 79 chunks, the first one free; five products and a shuffle for four outputs.
  const ExtractorPlan plan =
      extractor_kind("trevisan").plan({.block_bits = 10000, .entropy_per_bit = 0.5, .log2_epsilon = -20});
  bench::add("extract/trevisan/10000-output",
             {.unit = "Mbit/s",
              .scale = 1e6,
              .goal = 10,
              .limit =
                  [] {
                    const bench::Multiplier rates = bench::measured_multiplier(active_target());
                    return limit_of(4.0 / 78, 5 * rates.product + rates.shuffle);
                  },
              .limit_why = "multiplier"},
             [=](benchmark::State& state) {
               return run(state, "trevisan", plan.shape) / 10000 * static_cast<double>(plan.shape.output_bits);
             });
  for (const char* name : {"sha2-256", "sha3-256", "hmac-sha2-256", "cmac-aes-256", "cbc-mac-aes-256"}) {
    bench::add(std::string("condition/") + name, {.unit = "Gbit/s", .scale = 1e9},
               [name](benchmark::State& state) { return condition(state, name); });
  }
  return true;
}

const bool registered_extract_other = add_all();

}  // namespace

// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <atomic>
#include <cstdint>
#include <random>
#include <thread>
#include <vector>

#include "core/bits.h"
#include "entropy/extract/registry.h"
#include "entropy/extract/run_plan.h"
#include "entropy/extract/shapes.h"
#include "gf2/additive_fft/tile_groups.h"
#include "gf2/toeplitz_product/tiling.h"
#include "tests/bench/bench.h"

namespace {

using namespace lightseed;

std::vector<std::uint64_t> random_words(std::size_t bits) {
  std::mt19937_64 engine(1);
  std::vector<std::uint64_t> words(words_for(bits));
  for (std::uint64_t& word : words)
    word = engine();
  return words;
}

double run(benchmark::State& state, const char* name, ExtractorShape shape, Target target) {
  const auto seed = random_words(shape.seed_bits);
  const auto input = random_words(shape.input_bits);
  std::vector<std::uint64_t> output(words_for(shape.output_bits));
  const auto extractor = extractor_kind(name).make(shape, seed, target);
  for (auto _ : state) {
    extractor->extract(input, output);
    benchmark::ClobberMemory();
  }
  return static_cast<double>(shape.input_bits);
}

/// The goals are set for 512-bit vectors; narrower ones must keep a half and a quarter of them.
double share(Target target) {
  switch (target) {
    case Target::portable: return 0;
    case Target::vector128: return 0.25;
    case Target::vector256: return 0.5;
    case Target::vector512: break;
  }
  return 1;
}

/// What an instruction set's multiplications cost of the one port that has the carry-less multiplier.
struct PortCosts {
  std::size_t leaf_bits;  ///< side of Karatsuba's leaf
  double leaf;            ///< slots of a leaf product: its multiplications, and two thirds of an output's shuffles
  std::size_t tile_bits;  ///< side of the FFT's tile
  double transform;       ///< slots of a transform
  double product;         ///< slots of a product of spectra
  double butterfly;       ///< slots of a butterfly of two spectra, with groups of tiles
};

PortCosts costs_of(Target target) {
  // The word engine: 20481 butterflies with a twiddle, five multiplications and a shuffle each; four multiplications a
  // point. One element of 128 bits in 128 bits, two in 256.
  if (target == Target::vector128) return {256, 20 + 4 * 2.0 / 3, 122880, 20481 * 6.0, 4096 * 4.0, 4096 * 6.0};
  if (target == Target::vector256)
    return {512, 36 + 8 * 2.0 / 3, 122880, 20481 * 6.0 / 2, 4096 * 4.0 / 2, 4096 * 6.0 / 2};
  // The byte engine: 16 levels of 512 vector butterflies at four GF2P8MULB; four for 64 points.
  return {1024, 68 + 8 * 2.0 / 3, 262144, 32768, 4096, 4096};
}

/// Raw bits a cycle at which that port would be busy all the time; 0 for the portable target.
double port_limit(Target target, std::size_t rows, std::size_t columns, std::size_t n) {
  if (target == Target::portable) return 0;
  const PortCosts costs = costs_of(target);
  const auto count = [](std::size_t bits, std::size_t side) { return (bits + side - 1) / side; };
  double slots = 0;
  if (rows > 200000) {
    const std::size_t r = count(rows, costs.tile_bits), c = count(columns, costs.tile_bits);
    const auto grouping = additive_fft::choose_grouping(r, c, *additive_fft::fft_engine(target));
    const auto points = static_cast<double>(std::size_t{1} << grouping.levels);
    slots = static_cast<double>(r + c) * costs.transform +
            static_cast<double>(grouping.rows * grouping.columns) * points * costs.product +
            static_cast<double>(grouping.rows + grouping.columns) * points / 2 * grouping.levels * costs.butterfly;
  } else {
    const auto tiling = toeplitz::choose_tiling(count(rows, costs.leaf_bits), count(columns, costs.leaf_bits));
    slots = static_cast<double>(toeplitz::leaf_products(tiling)) * costs.leaf;
  }
  return static_cast<double>(n) / slots;
}

/// `columns` of the Toeplitz matrix behind it; it has as many rows as output bits.
void add(const char* name, ExtractorShape shape, std::size_t columns, double goal, Target target) {
  const double limit = port_limit(target, shape.output_bits, columns, shape.input_bits);
  bench::add(fmt::format("extract/{}/{}/{}", name, name_of(target), shape.input_bits),
             {.unit = "Gbit/s",
              .scale = 1e9,
              .goal = goal * share(target),
              .limit_per_cycle = limit,
              .limit_why = limit > 0 ? "multiplier port" : ""},
             [=](benchmark::State& state) { return run(state, name, shape, target); });
}

/// The shape that users get for `percent` of min-entropy in a raw bit, of the default extractor.
void add_planned(int percent, Target target) {
  const ExtractorKind& kind = extractors().front();
  const RunRequest wanted{.bits_per_sample = 0.08 * percent, .wanted_bits = std::uint64_t{1} << 33};
  const ExtractorShape shape = plan_run(kind, choose_shape(kind, wanted, Preference::balanced)).block.shape;
  const auto [rows, columns] = kind.matrix(shape);
  const double limit = port_limit(target, rows, columns, shape.input_bits);
  bench::add(fmt::format("extract/planned/{}/h = 0.{:02d}: n {} m {}", name_of(target), percent, shape.input_bits,
                         shape.output_bits),
             {.unit = "Gbit/s",
              .scale = 1e9,
              .goal_of_limit = target == Target::vector512 ? 0.85 : 0.6,
              .limit_per_cycle = limit,
              .limit_why = limit > 0 ? "multiplier port" : ""},
             [=](benchmark::State& state) { return run(state, "modified-toeplitz", shape, target); });
}

double two_threads(benchmark::State& state, unsigned threads) {
  constexpr std::size_t n = 16384;
  constexpr std::size_t blocks = 4096;
  const auto extractor = extractor_kind("modified-toeplitz").make({n, n / 2, n}, random_words(n), active_target());
  const auto input = random_words(n);
  const auto work = [&] {
    std::vector<std::uint64_t> output(n / 2 / 64);
    for (std::size_t b = 0; b < blocks; ++b) {
      extractor->extract(input, output);
      benchmark::ClobberMemory();
    }
  };
  for (auto _ : state) {
    // The clock counts this thread's time only, so it waits awake for the other.
    std::atomic<unsigned> running = threads - 1;
    std::vector<std::jthread> helpers;
    for (unsigned i = 1; i < threads; ++i) {
      helpers.emplace_back([&] {
        work();
        --running;
      });
    }
    work();
    while (running != 0) {
    }
  }
  return static_cast<double>(n * blocks * threads);
}

bool add_all() {
  for (const Target target : supported_targets()) {
    struct Goal {
      std::size_t n;
      double rate;
    };
    for (const Goal& goal : {Goal{4096, 42}, {8192, 29}, {16384, 19}, {65536, 8}, {1048576, 5}}) {
      const std::size_t n = goal.n;
      const std::size_t m = n / 2;
      add("modified-toeplitz", {n, m, n}, n - m, goal.rate, target);
      add("toeplitz", {n, m, n + m}, n, goal.rate / 2, target);
    }
    if (target != Target::portable) {
      add("modified-toeplitz", {10'000'000, 5'000'000, 10'000'000}, 5'000'000, 5, target);
      add("modified-toeplitz", {100'000'000, 50'000'000, 100'000'000}, 50'000'000, 5, target);
    }
    for (int percent = 50; percent <= 95; percent += 5)
      add_planned(percent, target);
    add("circulant", {9948, 4974, 9949}, 9948, 10, target);
    add("circulant", {1000002, 500001, 1000003}, 1000002, 2, target);
    add("dodis", {9949, 4974, 9949}, 9949, 10, target);
    add("dodis", {1000003, 500001, 1000003}, 1000003, 2, target);
    bench::add(fmt::format("extract/raz/{}/16384", name_of(target)), {.unit = "Gbit/s", .scale = 1e9},
               [=](benchmark::State& state) {
                 return run(state, "raz", {16384, 8192, 32770}, target);
               });
  }
  for (const unsigned threads : {1U, 2U}) {
    bench::add(fmt::format("extract/threads/{}", threads), {.unit = "Gbit/s", .scale = 1e9, .goal = 19.0 * threads},
               [threads](benchmark::State& state) { return two_threads(state, threads); });
  }
  return true;
}

const bool registered_extract_toeplitz = add_all();

}  // namespace

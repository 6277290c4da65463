// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>
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
#include "tests/bench/multiplier.h"

namespace {

using namespace lightseed;

std::vector<std::uint64_t> words_at_random(std::size_t bits) {
  std::mt19937_64 engine(1);
  std::vector<std::uint64_t> words(words_for(bits));
  for (std::uint64_t& word : words)
    word = engine();
  return words;
}

double run_toeplitz(benchmark::State& state, const char* name, ExtractorShape shape, Target target) {
  const auto seed = words_at_random(shape.seed_bits);
  const auto input = words_at_random(shape.input_bits);
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

/// Instructions of the multiplier's kind, and shuffles, which some processors send through the same unit.
struct Work {
  double products;
  double shuffles;
};

/// What the kernels of an instruction set cannot do without.
struct KernelWork {
  std::size_t leaf_bits;  ///< side of Karatsuba's leaf
  Work leaf;              ///< a leaf product: two thirds of an output's shuffles are its own
  std::size_t tile_bits;  ///< side of the FFT's tile
  bool of_bytes;          ///< the FFT's products are GF2P8MULB's, not carry-less ones
  Work transform;
  Work product;    ///< of spectra
  Work butterfly;  ///< of two spectra, with groups of tiles
};

KernelWork work_of(Target target) {
  // The word engine: 20481 butterflies with a twiddle, five multiplications and a shuffle each; four multiplications a
  // point. One element of 128 bits in 128 bits, two in 256.
  if (target == Target::vector128) {
    return {256, {20, 4 * 2.0 / 3}, 122880, false, {20481 * 5.0, 20481}, {4096 * 4.0, 0}, {4096 * 5.0, 4096}};
  }
  if (target == Target::vector256) {
    return {512, {36, 8 * 2.0 / 3}, 122880, false, {20481 * 2.5, 10240.5}, {4096 * 2.0, 0}, {4096 * 2.5, 2048}};
  }
  // The byte engine: 15 levels, one more has the twiddle 0, of 512 vector butterflies at four products of bytes; four
  // for 64 points.
  return {1024, {68, 8 * 2.0 / 3}, 262144, true, {30720, 0}, {4096, 0}, {4096, 0}};
}

Work operator*(double count, const Work& one) {
  return {count * one.products, count * one.shuffles};
}

Work operator+(const Work& a, const Work& b) {
  return {a.products + b.products, a.shuffles + b.shuffles};
}

/// Raw bits a second at which the multiplier would be busy all the time; 0 for the portable target.
double multiplier_limit(Target target, std::size_t rows, std::size_t columns, std::size_t n) {
  if (target == Target::portable) return 0;
  const KernelWork of = work_of(target);
  const bench::Multiplier rates = bench::measured_multiplier(target);
  const auto count = [](std::size_t bits, std::size_t side) { return (bits + side - 1) / side; };
  Work work{};
  double seconds_a_product = rates.product;
  if (rows > 200000) {
    const std::size_t r = count(rows, of.tile_bits), c = count(columns, of.tile_bits);
    const auto grouping = additive_fft::choose_grouping(r, c, *additive_fft::fft_engine(target));
    const auto points = static_cast<double>(std::size_t{1} << grouping.levels);
    work = static_cast<double>(r + c) * of.transform +
           static_cast<double>(grouping.rows * grouping.columns) * points * of.product +
           static_cast<double>(grouping.rows + grouping.columns) * points / 2 * (std::max(grouping.levels, 1U) - 1) *
               of.butterfly;
    if (of.of_bytes) seconds_a_product = rates.byte_product;
  } else {
    const auto tiling = toeplitz::choose_tiling(count(rows, of.leaf_bits), count(columns, of.leaf_bits));
    work = static_cast<double>(toeplitz::leaf_products(tiling)) * of.leaf;
  }
  const double seconds = work.products * seconds_a_product + work.shuffles * rates.shuffle;
  return seconds > 0 ? static_cast<double>(n) / seconds : 0;
}

/// `columns` of the Toeplitz matrix behind it; it has as many rows as output bits.
void add(const char* name, ExtractorShape shape, std::size_t columns, double goal, Target target) {
  bench::add(fmt::format("extract/{}/{}/{}", name, name_of(target), shape.input_bits),
             {.unit = "Gbit/s",
              .scale = 1e9,
              .goal = goal * share(target),
              .limit = [=] { return multiplier_limit(target, shape.output_bits, columns, shape.input_bits); },
              .limit_why = target == Target::portable ? "" : "multiplier"},
             [=](benchmark::State& state) { return run_toeplitz(state, name, shape, target); });
}

/// The shape that users get for `percent` of min-entropy in a raw bit, of the default extractor.
void add_planned(int percent, Target target) {
  const ExtractorKind& kind = extractors().front();
  const RunRequest wanted{.bits_per_sample = 0.08 * percent, .wanted_bits = std::uint64_t{1} << 33};
  const ExtractorShape shape = plan_run(kind, choose_shape(kind, wanted, Preference::balanced)).block.shape;
  const auto matrix = kind.matrix(shape);
  bench::add(fmt::format("extract/planned/{}/h=0.{:02d},n={},m={}", name_of(target), percent, shape.input_bits,
                         shape.output_bits),
             {.unit = "Gbit/s",
              .scale = 1e9,
              .goal_of_limit = target == Target::vector512 ? 0.85 : 0.6,
              .limit = [=] { return multiplier_limit(target, matrix.first, matrix.second, shape.input_bits); },
              .limit_why = target == Target::portable ? "" : "multiplier"},
             [=](benchmark::State& state) { return run_toeplitz(state, "modified-toeplitz", shape, target); });
}

double two_threads(benchmark::State& state, unsigned threads) {
  constexpr std::size_t n = 16384;
  constexpr std::size_t blocks = 4096;
  const auto extractor = extractor_kind("modified-toeplitz").make({n, n / 2, n}, words_at_random(n), active_target());
  const auto input = words_at_random(n);
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
    for (const Goal& goal : {Goal{4096, 42}, {8192, 29}, {16384, 19}, {65536, 8}, {1048576, 14}}) {
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
                 return run_toeplitz(state, "raz", {16384, 8192, 32770}, target);
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

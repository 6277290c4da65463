#include <fmt/format.h>

#include <atomic>
#include <cstdint>
#include <random>
#include <thread>
#include <vector>

#include "core/bits.h"
#include "entropy/extract/registry.h"
#include "entropy/extract/toeplitz_product/tiling.h"
#include "tests/bench/bench.h"
#include "tests/bench/clock.h"

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

/// Gbit/s at which the 512-bit kernel would keep port 5 busy: 68 VPCLMULQDQ a leaf product, 8 shuffles a leaf output,
/// two outputs for three products.
double karatsuba_limit(std::size_t rows, std::size_t columns, std::size_t n) {
  const auto tiling = toeplitz::choose_tiling((rows + 1023) / 1024, (columns + 1023) / 1024);
  return static_cast<double>(n) / (static_cast<double>(toeplitz::leaf_products(tiling)) * 220 / 3) * bench::clock_hz() /
         1e9;
}

/// The additive FFT: 16 levels of 512 vector butterflies at four GF2P8MULB for every transform of 2^18 bits.
double fft_limit(std::size_t rows, std::size_t columns, std::size_t n) {
  const auto r = static_cast<double>((rows + 262143) / 262144);
  const auto c = static_cast<double>((columns + 262143) / 262144);
  return static_cast<double>(n) / ((r + c) * 32768 + r * c * 4096) * bench::clock_hz() / 1e9;
}

void add(const char* name, ExtractorShape shape, double goal, double limit, Target target) {
  const bool wide = target == Target::vector512;
  bench::add(fmt::format("extract/{}/{}/{}", name, name_of(target), shape.input_bits),
             {.unit = "Gbit/s",
              .scale = 1e9,
              .goal = goal * share(target),
              .limit = wide ? limit : 0,
              .limit_why = wide ? "multiplier port" : ""},
             [=](benchmark::State& state) { return run(state, name, shape, target); });
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
      const bool fft = n > 100000;
      add("modified-toeplitz", {n, m, n}, goal.rate, fft ? fft_limit(m, n - m, n) : karatsuba_limit(m, n - m, n),
          target);
      add("toeplitz", {n, m, n + m}, goal.rate / 2, fft ? fft_limit(m, n, n) : karatsuba_limit(m, n, n), target);
    }
    add("circulant", {9948, 4974, 9949}, 10, karatsuba_limit(4974, 9948, 9948), target);
    add("circulant", {1000002, 500001, 1000003}, 2, fft_limit(500001, 1000002, 1000002), target);
    add("dodis", {9949, 4974, 9949}, 10, karatsuba_limit(4974, 9949, 9949), target);
    add("dodis", {1000003, 500001, 1000003}, 2, fft_limit(500001, 1000003, 1000003), target);
  }
  for (const unsigned threads : {1U, 2U}) {
    bench::add(fmt::format("extract/threads/{}", threads), {.unit = "Gbit/s", .scale = 1e9, .goal = 19.0 * threads},
               [threads](benchmark::State& state) { return two_threads(state, threads); });
  }
  return true;
}

const bool registered = add_all();

}  // namespace

#include <fmt/format.h>

#include <cstdint>
#include <random>
#include <vector>

#include "core/bits.h"
#include "entropy/extract/modified_toeplitz/modified_toeplitz.h"
#include "tests/bench/bench.h"

namespace {

using namespace lightseed;

double run(benchmark::State& state, std::size_t n, std::size_t m, Target target) {
  std::mt19937_64 engine(1);
  std::vector<std::uint64_t> seed(words_for(n)), input(words_for(n)), output(words_for(m));
  for (auto* words : {&seed, &input})
    for (std::uint64_t& word : *words)
      word = engine();
  const auto extractor = make_modified_toeplitz(n, m, seed, target);
  for (auto _ : state) {
    extractor->extract(input, output);
    benchmark::ClobberMemory();
  }
  return static_cast<double>(n);
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

bool add_all() {
  for (const Target target : supported_targets()) {
    for (const auto& [n, goal] : {std::pair<std::size_t, double>{4096, 42}, {8192, 29}, {16384, 19}, {65536, 8}}) {
      bench::add(fmt::format("extract/modified-toeplitz/{}/{}", name_of(target), n),
                 {.unit = "Gbit/s", .scale = 1e9, .goal = goal * share(target)},
                 [n = n, target](benchmark::State& state) { return run(state, n, n / 2, target); });
    }
  }
  bench::add("extract/modified-toeplitz/512/16384-to-12928", {.unit = "Gbit/s", .scale = 1e9},
             [](benchmark::State& state) { return run(state, 16384, 12928, active_target()); });
  return true;
}

const bool registered = add_all();

}  // namespace

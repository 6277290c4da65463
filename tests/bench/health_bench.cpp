#include "stats/health/cutoffs.h"
#include "tests/bench/bench.h"

namespace {
const bool registered =
    lightseed::bench::add("health/cutoffs", {.unit = "M/s", .scale = 1e6}, [](benchmark::State& state) {
      for (auto _ : state)
        benchmark::DoNotOptimize(lightseed::health::adaptive_proportion_cutoff(512, 6.369, -30));
      return 1.0;
    });
}

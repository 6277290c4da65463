// SPDX-License-Identifier: Apache-2.0
#include <vector>

#include "driver/simulated/models.h"
#include "tests/bench/bench.h"

namespace lightseed {
namespace {

double homodyne(benchmark::State& state) {
  SourceRegistry sources;
  simulated::add_models(sources);
  const auto source = sources.open("sim:homodyne?seed=1");
  source->start({});
  std::vector<std::byte> samples(1 << 18);
  for (auto _ : state) {
    if (source->read(samples, {}).bytes != samples.size()) state.SkipWithError("short read");
    benchmark::DoNotOptimize(samples.data());
  }
  return static_cast<double>(samples.size());
}

const bool registered_simulated =
    bench::add("simulated/homodyne", {.unit = "M samples/s", .scale = 1e6, .goal = 200}, homodyne);

}  // namespace
}  // namespace lightseed

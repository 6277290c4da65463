// SPDX-License-Identifier: Apache-2.0
#include <string>
#include <vector>

#include "driver/simulated/models.h"
#include "tests/bench/bench.h"

namespace lightseed {
namespace {

/// A benchmark of one source: samples a second.
bool add_source(const std::string& name, const std::string& uri, double goal) {
  return bench::add("simulated/" + name, {.unit = "M samples/s", .scale = 1e6, .goal = goal},
                    [uri](benchmark::State& state) {
                      SourceRegistry sources;
                      simulated::add_models(sources);
                      const auto source = sources.open(uri);
                      source->start({});
                      std::vector<std::byte> samples(1 << 18);
                      for (auto _ : state) {
                        if (source->read(samples, {}).bytes != samples.size()) state.SkipWithError("short read");
                        benchmark::DoNotOptimize(samples.data());
                      }
                      return static_cast<double>(source->info().format.samples_in(samples.size()));
                    });
}

const bool registered_simulated[] = {
    add_source("homodyne", "sim:homodyne?seed=1", 1000),
    add_source("phase-noise", "sim:phase-noise?seed=1", 1000),
    add_source("ase", "sim:ase?seed=1", 1000),
    add_source("arrival-time", "sim:arrival-time?seed=1", 1000),
    add_source("photon-number", "sim:photon-number?seed=1", 300),
    add_source("homodyne, finite bandwidth", "sim:homodyne?seed=1&range=4&bandwidth=0.1", 200),
    add_source("which-path", "sim:which-path?seed=1", 0),
    add_source("homodyne, the long way", "sim:homodyne?seed=1&path=full", 0)};

}  // namespace
}  // namespace lightseed

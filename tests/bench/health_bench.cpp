// SPDX-License-Identifier: Apache-2.0
#include <vector>

#include "core/error.h"
#include "driver/simulated/models.h"
#include "stats/health/gate.h"
#include "tests/bench/bench.h"

namespace lightseed {
namespace {

double gate(benchmark::State& state) {
  SourceRegistry sources;
  simulated::add_models(sources);
  const auto source = sources.open("sim:homodyne?seed=1");
  source->start({});
  health::HealthGate gate({.format = source->info().format, .min_entropy = source->info().claim.bits_per_sample});
  std::vector<std::byte> samples(1 << 16);
  const auto fill = [&](std::span<std::byte> out) {
    if (source->read(out, {}).bytes != out.size()) throw Error(Category::device, "short read");
  };
  fill(std::span(samples).first(gate.start_up_bytes()));
  if (!gate.start_up(std::span<const std::byte>(samples).first(gate.start_up_bytes()))) state.SkipWithError("alarm");
  fill(samples);
  for (auto _ : state) {
    if (!gate.admit(samples)) state.SkipWithError("alarm");
  }
  return static_cast<double>(samples.size());
}

const bool registered =
    bench::add("health/gate, 8-bit samples", {.unit = "M samples/s", .scale = 1e6, .goal = 2000}, gate);

}  // namespace
}  // namespace lightseed

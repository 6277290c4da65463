// SPDX-License-Identifier: Apache-2.0
#include <vector>

#include "core/byte_views.h"
#include "core/error.h"
#include "driver/simulated/models.h"
#include "stats/health/gate.h"
#include "stats/health/monitored.h"
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

/// All monitors of a model together, without the two tests of SP 800-90B.
double monitors(benchmark::State& state) {
  SourceRegistry sources;
  simulated::add_models(sources);
  const auto source = sources.open("sim:homodyne?seed=1");
  const auto tests = dynamic_cast<health::Monitored&>(*source).make_health_tests();
  source->start({});
  std::vector<std::byte> samples(1 << 20);
  if (source->read(samples, {}).bytes != samples.size()) state.SkipWithError("short read");
  const std::span<const std::uint8_t> codes(octets(samples.data()), samples.size());
  for (auto _ : state) {
    // As the gate does: each piece, while it is in the cache, to all of them.
    for (std::size_t at = 0; at < codes.size(); at += 32768) {
      for (const auto& test : tests) {
        // The same million samples again is a replay: that alarm alone is expected.
        if (test->feed(codes.subspan(at, 32768)) && test->record().id != "model-replay") state.SkipWithError("alarm");
      }
    }
  }
  return static_cast<double>(samples.size());
}

const bool registered_monitors =
    bench::add("health/monitors, 8-bit samples", {.unit = "MB/s", .scale = 1e6, .goal = 500}, monitors);

const bool registered =
    bench::add("health/gate, 8-bit samples", {.unit = "M samples/s", .scale = 1e6, .goal = 2000}, gate);

}  // namespace
}  // namespace lightseed

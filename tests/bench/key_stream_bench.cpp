// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <random>
#include <vector>

#include "core/secret_bytes.h"
#include "driver/source.h"
#include "pipeline/key_stream.h"
#include "tests/bench/bench.h"
#include "tests/bench/clock.h"

// What `generate` does with samples that lie in memory: gate, extractor, books.
namespace lightseed {
namespace {

/// Good bytes, again and again.
class MemorySource final : public Source {
 public:
  MemorySource() : samples_(std::size_t{64} << 20) {
    std::mt19937_64 engine(1);
    for (std::byte& sample : samples_)
      sample = static_cast<std::byte>(engine());
    info_.uri = "memory";
    info_.format = {.bits = 8, .container_bits = 8};
    info_.claim.bits_per_sample = 7;
  }
  [[nodiscard]] const SourceInfo& info() const noexcept override { return info_; }
  void start(const Patience& /*nothing takes time*/) override {}
  [[nodiscard]] Read read(std::span<std::byte> out, const Patience& /*nothing takes time*/) override {
    const std::size_t bytes = std::min(out.size(), samples_.size() - at_);
    std::copy_n(samples_.begin() + static_cast<std::ptrdiff_t>(at_), bytes, out.begin());
    at_ = (at_ + bytes) % samples_.size();
    return {.bytes = bytes};
  }
  void stop() noexcept override {}

 private:
  SourceInfo info_;
  std::vector<std::byte> samples_;
  std::size_t at_ = 0;
};

double from_memory(benchmark::State& state, bool read_ahead) {
  MemorySource source;
  constexpr std::uint64_t all = std::uint64_t{1} << 42;
  KeyStream keys(source, {.bytes = all, .read_ahead = read_ahead},
                 [](std::span<const std::byte>, const SampleFormat&) {
                   MinEntropy claim;
                   claim.bits_per_sample = 7;
                   claim.basis = MinEntropy::Basis::measured;
                   return claim;
                 },
                 {});
  SecretBytes out(keys.handy_bytes());
  constexpr std::size_t parts = 256;
  const double begun = bench::wall_seconds();
  for (auto _ : state)
    for (std::size_t i = 0; i < parts; ++i)
      keys.fill(out.bytes(), {});
  state.counters["seconds"] = (bench::wall_seconds() - begun) / static_cast<double>(state.iterations());
  return static_cast<double>(8 * parts * out.size());
}

const bool registered_key_stream[] = {
    bench::add("key stream/from memory, one thread (wall)", {.unit = "Gbit/s", .scale = 1e9},
               [](benchmark::State& state) { return from_memory(state, false); }),
    bench::add("key stream/from memory, read ahead (wall)", {.unit = "Gbit/s", .scale = 1e9, .goal = 10},
               [](benchmark::State& state) { return from_memory(state, true); }),
};

}  // namespace
}  // namespace lightseed

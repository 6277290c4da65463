// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <benchmark/benchmark.h>

#include <functional>
#include <string>

namespace lightseed::bench {

/// What a benchmark measures and what it should reach.
struct Goal {
  std::string unit;              ///< one a user thinks in: "Gbit/s", "M samples/s", "SIMs/s", "s"
  double scale = 1;              ///< quantity per unit: 1e9 for Gbit/s when the body counts bits
  double goal = 0;               ///< 0: none set
  double goal_of_limit = 0;      ///< or a share of the limit
  bool lower_is_better = false;  ///< a time ("s"): the value is seconds of CPU an iteration
  /// The machine's limit, quantity a second, measured beside the run; empty, or 0: not known.
  std::function<double()> limit{};
  std::string limit_why{};  ///< what sets the limit: "multiplier", "DRAM bandwidth", …
};

/// Runs `for (auto _ : state) …` and returns the quantity (bits, samples, …) one iteration handles. Rates are per
/// second of this thread's CPU; a body that means another time (wall time of a paced device, CPU of several threads)
/// sets state.counters["seconds"] to what one iteration took.
using Body = std::function<double(benchmark::State&)>;

/// Registers a benchmark: `static const bool registered = bench::add("gate/8-bit", {…}, body);`
bool add(const std::string& name, Goal goal, Body body);

}  // namespace lightseed::bench

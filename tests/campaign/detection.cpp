// SPDX-License-Identifier: Apache-2.0
// scripts/campaign-detection: how soon each fault is noticed, over many seeded runs, and how often a healthy source is
// suspected. One line of tab-separated numbers each.
//
//   detection_campaign faults MODEL RUNS [FAULT…]   model, fault, runs, noticed, median, 99 % quantile, most, test
//   detection_campaign healthy MODEL SAMPLES        model, samples, alarms
#include "tests/campaign/detection.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <span>

namespace {

using namespace lightseed;

constexpr std::uint64_t most_samples = 1'000'000;

void measure(const std::string& model, const std::string& fault, std::uint64_t runs) {
  campaign::Bench bench(model, fault, 1);
  std::vector<std::uint64_t> times;
  std::map<std::string, std::uint64_t> tests;
  for (std::uint64_t run = 0; run < runs; ++run) {
    const campaign::Detection found = bench.run(run, most_samples);
    if (!found.samples) continue;
    times.push_back(*found.samples);
    ++tests[found.test];
  }
  std::sort(times.begin(), times.end());
  const auto quantile = [&](double q) {
    return times.empty() ? 0 : times[static_cast<std::size_t>(q * static_cast<double>(times.size() - 1))];
  };
  const auto usual =
      std::max_element(tests.begin(), tests.end(), [](const auto& a, const auto& b) { return a.second < b.second; });
  fmt::print("{}\t{}\t{}\t{}\t{}\t{}\t{}\t{}\n", model, fault, runs, times.size(), quantile(0.5), quantile(0.99),
             quantile(1), usual == tests.end() ? "-" : usual->first);
  std::fflush(stdout);
}

void watch_healthy(const std::string& model, std::uint64_t samples) {
  campaign::Bench bench(model, "", 2);
  std::map<std::string, std::uint64_t> by_test;
  const std::uint64_t alarms = bench.false_alarms(samples, by_test);
  fmt::print("{}\t{}\t{}\n", model, samples, alarms);
  for (const auto& [test, count] : by_test)
    fmt::print(stderr, "{}: {} alarms of {}\n", model, count, test);
}

}  // namespace

int main(int count, char** words) try {
  const std::vector<std::string> arguments(words + 1, words + count);
  if (arguments.size() < 3) {
    fmt::print(stderr, "usage: detection_campaign faults MODEL RUNS [FAULT…] | healthy MODEL SAMPLES\n");
    return 2;
  }
  const std::uint64_t number = std::strtoull(arguments[2].c_str(), nullptr, 10);
  if (arguments[0] == "healthy") {
    watch_healthy(arguments[1], number);
  } else if (arguments.size() > 3) {
    for (const std::string& fault : std::span(arguments).subspan(3))
      measure(arguments[1], fault, number);
  } else {
    for (const simulated::FaultKind& fault : campaign::faults_of(arguments[1]))
      measure(arguments[1], fault.name, number);
  }
  return 0;
} catch (const std::exception& e) {
  fmt::print(stderr, "detection_campaign: {}\n", e.what());
  return 1;
}

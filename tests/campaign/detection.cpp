// SPDX-License-Identifier: Apache-2.0
// scripts/campaign-detection: how soon each fault is noticed, over many seeded runs, and how often a healthy source is
// suspected. One line of tab-separated numbers each.
//
//   detection_campaign faults MODEL RUNS [FAULT…]   model, fault, runs, noticed, median, 99 % quantile, most, test
//   detection_campaign list MODEL                   its faults, one a line
//   detection_campaign healthy MODEL SAMPLES        model, samples, alarms
//   detection_campaign dark MODEL RUNS [FAULT…]     fault (or "none"), looks, failed, the test that failed most often
//   detection_campaign power NOISE READINGS         noise, readings, alarms: a healthy photodiode at a calibrated gate
#include "tests/campaign/detection.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <random>
#include <span>

#include "driver/switchable_light.h"
#include "stats/calibration/level.h"
#include "stats/health/dark_check.h"
#include "stats/health/monitors/optical_power.h"

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

/// One level as a calibration measures it.
CalibrationLevel level_at(Source& source, double power) {
  dynamic_cast<SwitchableLight&>(source).set_light(power);
  source.start({});
  const SampleFormat format = source.info().format;
  std::vector<std::uint16_t> samples(std::size_t{10'000'000} / 8 * 8);
  std::vector<std::byte> raw(format.bytes_for(samples.size()));
  if (source.read(raw, {}).bytes != raw.size()) throw Error(Category::internal, source.info().uri + " is silent");
  unpack(raw, format, samples);
  return calibration::level_of(samples, format.bits, power);
}

/// Looks in the dark at a source that is ill, or well where there is no fault, against the dark level that a
/// calibration measured when it was well. Each run has a stream of its own. A run that sets in between two looks is
/// found by the one after it, so that its time is the interval at most.
void look_in_the_dark(const std::string& model, const std::string& fault, std::uint64_t runs) {
  SourceRegistry sources;
  simulated::add_models(sources);
  const std::string begin = model + (model.find('?') == std::string::npos ? "?" : "&");
  const auto well = sources.open(begin + "seed=1");
  const CalibrationLevel dark = level_at(*well, 0), lit = level_at(*well, 1);
  const health::DarkLaw law{.samples = static_cast<double>(dark.samples),
                            .mean = dark.mean,
                            .variance = dark.autocovariance[0],
                            .fourth = dark.fourth,
                            .lit_variance = lit.autocovariance[0]};
  const auto source = sources.open(begin + "seed=3" + (fault.empty() ? "" : "&fault=" + fault));
  const SampleFormat format = source->info().format;
  std::vector<std::byte> raw(format.bytes_for(health::dark_samples));
  std::vector<std::uint16_t> codes(health::dark_samples);
  dynamic_cast<SwitchableLight&>(*source).set_light(0);
  std::uint64_t failed = 0;
  std::map<std::string, std::uint64_t> tests;
  for (std::uint64_t run = 0; run < runs; ++run) {
    source->start({});
    if (source->read(raw, {}).bytes != raw.size()) throw Error(Category::internal, model + " is silent");
    unpack(raw, format, codes);
    const auto failure = health::DarkCheck(law).judge(codes, 0);
    failed += failure ? 1 : 0;
    if (failure) ++tests[failure->test];
  }
  const auto usual =
      std::max_element(tests.begin(), tests.end(), [](const auto& a, const auto& b) { return a.second < b.second; });
  fmt::print("{}\t{}\t{}\t{}\n", fault.empty() ? "none" : fault, runs, failed,
             usual == tests.end() ? "-" : usual->first);
  std::fflush(stdout);
}

/// A photodiode's readings, a thousand calibrations of 128 readings each.
void watch_photodiode(double noise, std::uint64_t readings) {
  std::mt19937_64 random(1);
  std::normal_distribution<double> normal(1, noise);
  constexpr std::uint64_t calibrations = 1000, measured = 128;
  std::uint64_t alarms = 0;
  for (std::uint64_t calibration = 0; calibration < calibrations; ++calibration) {
    double sum = 0, squares = 0;
    for (std::uint64_t i = 0; i < measured; ++i) {
      const double off = normal(random) - 1;
      sum += off;
      squares += off * off;
    }
    const double mean = sum / measured;
    const health::Range range =
        health::optical_power_range({.mean = 1 + mean,
                                     .deviation = std::sqrt((squares - measured * mean * mean) / (measured - 1)),
                                     .readings = measured});
    for (std::uint64_t i = 0; i < readings / calibrations; ++i) {
      const double reading = normal(random);
      alarms += reading < range.low || reading > range.high ? 1 : 0;
    }
  }
  fmt::print("{}\t{}\t{}\n", noise, readings, alarms);
}

}  // namespace

int main(int count, char** words) try {
  const std::vector<std::string> arguments(words + 1, words + count);
  if (arguments.size() == 2 && arguments[0] == "list") {
    for (const simulated::FaultKind& fault : campaign::faults_of(arguments[1]))
      fmt::print("{}\n", fault.name);
    return 0;
  }
  if (arguments.size() < 3) {
    fmt::print(
        stderr,
        "usage: detection_campaign faults MODEL RUNS [FAULT…] | healthy MODEL SAMPLES | dark MODEL RUNS [FAULT…] | "
        "power NOISE READINGS\n");
    return 2;
  }
  const std::uint64_t number = std::strtoull(arguments[2].c_str(), nullptr, 10);
  if (arguments[0] == "healthy") {
    watch_healthy(arguments[1], number);
  } else if (arguments[0] == "power") {
    watch_photodiode(std::strtod(arguments[1].c_str(), nullptr), number);
  } else if (arguments[0] == "dark") {
    if (arguments.size() == 3) look_in_the_dark(arguments[1], "", number);
    for (const std::string& fault : std::span(arguments).subspan(3))
      look_in_the_dark(arguments[1], fault, number);
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

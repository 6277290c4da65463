// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <catch2/catch.hpp>
#include <cmath>
#include <memory>
#include <numbers>
#include <string>
#include <vector>

#include "core/error.h"
#include "driver/simulated/frame/simulated_source.h"
#include "driver/simulated/models.h"

/// What the photon models' tests share: opening, drawing, counting, and the numbers made of counts.
namespace lightseed::simulated::testing {

inline std::unique_ptr<Source> open(const std::string& uri) {
  SourceRegistry sources;
  add_models(sources);
  return sources.open(uri);
}

inline std::vector<std::byte> bytes_of(Source& source, std::size_t count) {
  std::vector<std::byte> bytes(count);
  source.start({});
  REQUIRE(source.read(bytes, {}).bytes == count);
  return bytes;
}

/// Samples, unpacked.
inline std::vector<std::uint16_t> samples_of(const std::string& uri, std::size_t count) {
  const auto source = open(uri);
  const SampleFormat& format = source->info().format;
  const auto bytes = bytes_of(*source, format.bytes_for(count));
  std::vector<std::uint16_t> samples(format.samples_in(bytes.size()));
  unpack(bytes, format, samples);
  return samples;
}

/// Samples with what the oracle says of each.
struct ExplainedSamples {
  std::vector<std::uint16_t> samples;
  std::vector<Trace> traces;
  Analytic analytic;

  /// -log2 of the share of samples that an adversary with the side information names rightly.
  [[nodiscard]] double guessed_min_entropy() const {
    double right = 0;
    for (std::size_t i = 0; i < samples.size(); ++i)
      right += samples[i] == traces[i].guess ? 1 : 0;
    return -std::log2(right / static_cast<double>(samples.size()));
  }
  /// Four standard deviations of that figure, were the samples independent.
  [[nodiscard]] double error() const {
    const double p = std::exp2(-guessed_min_entropy());
    return 4 * std::sqrt((1 - p) / (p * static_cast<double>(samples.size()))) / std::numbers::ln2;
  }
  /// -log2 of the rate at which the share of runs named rightly throughout falls with their length.
  [[nodiscard]] double run_min_entropy(std::size_t from, std::size_t to) const {
    double shorter = 0;
    double longer = 0;
    std::size_t run = 0;
    for (std::size_t i = 0; i < samples.size(); ++i) {
      run = samples[i] == traces[i].guess ? run + 1 : 0;
      shorter += run >= from ? 1 : 0;
      longer += run >= to ? 1 : 0;
    }
    return -std::log2(longer / shorter) / static_cast<double>(to - from);
  }
};

inline ExplainedSamples explained(const std::string& uri, std::size_t count) {
  const auto source = open(uri + (uri.find('?') == std::string::npos ? "?" : "&") + "path=full");
  auto& simulated = dynamic_cast<SimulatedSource&>(*source);
  ExplainedSamples all{.samples = {}, .traces = {}, .analytic = simulated.analytic()};
  simulated.explain_to(
      [&](std::span<const Trace> traces) { all.traces.insert(all.traces.end(), traces.begin(), traces.end()); });
  const SampleFormat& format = source->info().format;
  const auto bytes = bytes_of(*source, format.bytes_for(count));
  all.samples.resize(format.samples_in(bytes.size()));
  unpack(bytes, format, all.samples);
  REQUIRE(all.traces.size() == all.samples.size());
  return all;
}

inline std::vector<double> counts_of(const std::vector<std::uint16_t>& samples, std::size_t codes) {
  std::vector<double> counts(codes);
  for (const std::uint16_t sample : samples)
    ++counts.at(sample);
  return counts;
}

/// -log2 of the largest frequency. Biased low, since the largest is chosen afterwards.
inline double plug_in_min_entropy(const std::vector<std::uint16_t>& samples) {
  const auto counts = counts_of(samples, 65536);
  return -std::log2(*std::max_element(counts.begin(), counts.end()) / static_cast<double>(samples.size()));
}

/// How many of its standard deviations chi-square lies from its mean. Rare codes are taken together. Seeds are fixed,
/// so a limit of 4 cannot be passed by luck.
inline double chi_square_deviations(const std::vector<std::uint16_t>& samples, const std::vector<double>& law) {
  const auto seen = counts_of(samples, law.size());
  double chi2 = 0;
  double rare_seen = 0;
  double rare_expected = 0;
  int classes = 0;
  const auto total = static_cast<double>(samples.size());
  for (std::size_t c = 0; c < law.size(); ++c) {
    const double expected = law[c] * total;
    if (expected < 10) {
      rare_seen += seen[c];
      rare_expected += expected;
      continue;
    }
    chi2 += (seen[c] - expected) * (seen[c] - expected) / expected;
    ++classes;
  }
  if (rare_expected > 0) chi2 += (rare_seen - rare_expected) * (rare_seen - rare_expected) / rare_expected;
  return std::abs(chi2 - classes) / std::sqrt(2.0 * classes);
}

inline double correlation(const std::vector<std::uint16_t>& samples, std::size_t lag) {
  double mean = 0;
  for (const std::uint16_t sample : samples)
    mean += sample;
  mean /= static_cast<double>(samples.size());
  double variance = 0;
  double covariance = 0;
  for (std::size_t i = 0; i + lag < samples.size(); ++i) {
    variance += (samples[i] - mean) * (samples[i] - mean);
    covariance += (samples[i] - mean) * (samples[i + lag] - mean);
  }
  return covariance / variance;
}

/// The words with which a URI is refused; its category must be `usage`.
inline std::string refusal_of(const std::string& uri) {
  try {
    (void)open(uri);
  } catch (const Error& e) {
    CHECK(e.category() == Category::usage);
    return e.what();
  }
  return "";
}

inline std::vector<double> law_of(const std::string& uri) {
  SourceUri parsed = SourceUri::parse(uri);
  for (const ModelKind& kind : models()) {
    if (kind.name == parsed.scheme() + ":" + parsed.path())
      return kind.make(Parameters::take(parsed, kind.parameters), 1)->laws().at(0);
  }
  return {};
}

}  // namespace lightseed::simulated::testing

// SPDX-License-Identifier: Apache-2.0
#include "driver/simulated/frame/healthy_reference.h"

#include "stats/health/measured_reference.h"

namespace lightseed::simulated {
namespace {

constexpr std::size_t twin_samples = 16 * health::monitor_block;

/// The laws of pixels in turn, mixed as they come.
health::Reference reference_of(const std::vector<std::vector<double>>& laws, const std::vector<std::uint8_t>& pattern) {
  health::Reference reference{.law = std::vector<double>(laws[0].size())};
  std::vector<double> weights(laws.size(), pattern.empty() ? 1 : 0);
  for (const std::uint8_t row : pattern)
    weights[row] += 1 / static_cast<double>(pattern.size());
  for (std::size_t row = 0; row < laws.size(); ++row) {
    for (std::size_t c = 0; c < laws[row].size(); ++c)
      reference.law[c] += weights[row] * laws[row][c];
  }
  if (pattern.empty()) return reference;
  const double mean = mean_of(reference);
  double between = 0;
  for (std::size_t row = 0; row < laws.size(); ++row) {
    double own = 0;
    for (std::size_t c = 0; c < laws[row].size(); ++c)
      own += laws[row][c] * static_cast<double>(c);
    between += weights[row] * (own - mean) * (own - mean);
  }
  reference.uneven = between / variance_of(reference);
  reference.pixels = pattern.size();
  return reference;
}

}  // namespace

std::optional<health::Reference> healthy_reference(const PhotonModel& model, double claim, const ModelKind& kind,
                                                   const Parameters& parameters, std::uint64_t seed) {
  if (!model.steady() || !(claim > 0)) return std::nullopt;
  const auto laws = model.laws();
  if (!laws.empty()) {
    health::Reference reference = reference_of(laws, model.pattern());
    reference.claim = claim;
    return reference;
  }
  const auto twin = kind.make(parameters, seed);
  Dice dice(Keystream(kind.name + "/healthy", seed, 0));
  twin->restart(dice);
  std::vector<std::uint16_t> samples(twin_samples);
  for (std::size_t done = 0; done < samples.size();) {
    const std::size_t drawn = twin->draw(dice, {}, std::span(samples).subspan(done), {});
    if (drawn == 0) return std::nullopt;
    done += drawn;
  }
  return health::measured_reference(samples, model.format().bits, claim);
}

}  // namespace lightseed::simulated

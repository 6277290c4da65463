// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include "driver/simulated/ase/ase.h"
#include "driver/simulated/phase_noise/model.h"
#include "tests/driver/simulated/bench.h"

using namespace lightseed;
using namespace lightseed::simulated;
using namespace lightseed::simulated::testing;

namespace {

/// The naive twin: all codes, for one E.
double likeliest(const ConvertedSignal& signal, double e) {
  double best = 0;
  double below = 0;
  for (std::uint32_t code = 0; code < signal.converter.codes(); ++code) {
    const bool last = code + 1 == signal.converter.codes();
    const double above = last ? 1 : signal.cdf(signal.converter.edge(code + 1.0) - signal.offset - e);
    best = std::max(best, above - below);
    below = above;
  }
  return best;
}

struct Truth {
  double average;
  double worst;
};

/// By drawing E at random within each of many slices of its law, and, for the worst case, wherever an edge of a code
/// meets one of the places given, from both sides.
Truth brute_force(const ConvertedSignal& signal, double bound, const std::vector<double>& places) {
  Dice dice(Keystream("brute force", 1, 0));
  constexpr int slices = 3000;
  const double width = 12 * signal.noise / slices;
  double guess = 0;
  double worst = 0;
  for (int i = 0; i < slices; ++i) {
    const double low = -6 * signal.noise + i * width;
    const double e = low + width * dice.unit();
    const double here = likeliest(signal, e);
    guess += here * (normal_cdf((low + width) / signal.noise) - normal_cdf(low / signal.noise));
    if (std::abs(e) <= bound * signal.noise) worst = std::max(worst, here);
  }
  for (const double place : places) {
    for (std::uint32_t code = 0; code <= signal.converter.codes(); ++code) {
      for (const double nudge : {-1e-9, 0.0, 1e-9}) {
        const double e = signal.converter.edge(code) - signal.offset - place + nudge;
        if (std::abs(e) <= bound * signal.noise) worst = std::max(worst, likeliest(signal, e));
      }
    }
  }
  for (const double e : {-bound * signal.noise, bound * signal.noise})
    worst = std::max(worst, likeliest(signal, e));
  return {-std::log2(guess), -std::log2(worst)};
}

void check(const std::string& what, const ConvertedSignal& signal, const std::vector<double>& places, double loss) {
  INFO(what);
  for (const double bound : {1.5, 4.0}) {
    const ConditionalMinEntropy bounds = conditional_min_entropy(signal, bound);
    const Truth truth = brute_force(signal, bound, places);
    CHECK(bounds.average < truth.average + 2e-4);  // the brute force's own error
    CHECK(bounds.average > truth.average - loss);
    CHECK(bounds.worst < truth.worst + 1e-9);
    CHECK(bounds.worst > truth.worst - 0.02);  // the last cell reaches a little beyond the bound
  }
}

}  // namespace

TEST_CASE("conditional min-entropy is never above what the naive twin finds, and close to it") {
  for (const double noise : {0.002, 0.02, 0.1}) {
    for (const double visibility : {0.9, 0.7131}) {
      for (const unsigned bits : {2U, 6U, 8U}) {
        const PhaseNoiseModel fringe{
            .visibility = visibility, .noise = noise, .phase_deviation = 100, .offset = 0.0137, .bits = bits};
        check(fmt::format("fringe {} {} {}", noise, visibility, bits), fringe.signal(), {-visibility, visibility},
              0.004);
      }
    }
    for (const unsigned modes : {1U, 4U}) {
      const AseModel light{.modes = modes, .noise = noise, .offset = 0.0137};
      check(fmt::format("thermal {} {}", noise, modes), light.signal(), {0.0, (modes - 1.0) / modes}, 0.004);
    }
  }
  const PhaseNoiseModel quadrature{.pulsed = false, .phase_deviation = 0.5, .phase = std::acos(0.0), .bits = 8};
  check("quadrature", quadrature.signal(), {0.0, -0.9, 0.9}, 0.004);
}

TEST_CASE("without classical noise the conditional min-entropy is the marginal") {
  const ConvertedSignal exact = PhaseNoiseModel{.noise = 0, .phase_deviation = 100}.signal();
  CHECK(conditional_min_entropy(exact, 6).average == min_entropy_of(marginal_law(exact)));
  CHECK(conditional_min_entropy(exact, 6).worst == min_entropy_of(marginal_law(exact)));
}

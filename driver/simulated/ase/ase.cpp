// SPDX-License-Identifier: Apache-2.0
#include "driver/simulated/ase/ase.h"

#include <fmt/format.h>

#include <algorithm>
#include <boost/math/special_functions/gamma.hpp>
#include <cmath>
#include <numbers>
#include <vector>

#include "driver/simulated/frame/codes.h"

namespace lightseed::simulated {
namespace {

/// The sum of so many exponential intensities, mean 1.
double intensity(Dice& dice, unsigned modes) {
  double sum = 0;
  for (unsigned done = 0; done < modes;) {
    // Logarithms cost most: sixteen factors, each above 2^-53, cannot underflow.
    double product = 1;
    for (unsigned i = 0; i < 16 && done < modes; ++i, ++done)
      product *= dice.unit();
    sum -= std::log(product);
  }
  return sum / modes;
}

/// P(intensity <= x). The Gamma law of a whole number of modes has a finite sum, quicker than the general function.
double thermal_cdf(unsigned modes, double x) {
  if (x <= 0) return 0;
  const double y = modes * x;
  if (modes > 32) return boost::math::gamma_p(modes, y);
  double sum = 1;
  for (unsigned k = modes - 1; k > 0; --k)
    sum = 1 + sum * y / k;
  return std::clamp(1 - std::exp(-y) * sum, 0.0, 1.0);
}

/// A narrower converter would clip nearly all, and its law would have a cell for each small part of the noise.
double converter_range_of(const Parameters& p) {
  const double least = std::max(0.01, 0.1 * p["noise"]);
  const double range = p["range"];
  if (range > 0 && range < least) {
    p.refuse("range", fmt::format("the converter would clip nearly all; it is 0, which means the usual one, or {} and "
                                  "more with this noise",
                                  least));
  }
  return range;
}

class Ase final : public PhotonModel {
 public:
  explicit Ase(const Parameters& p)
      : model_{.modes = p.whole("modes"),
               .range = converter_range_of(p),
               .noise = p["noise"],
               .offset = p["offset"],
               .bits = p.whole("bits")},
        signal_(model_.signal()),
        law_(marginal_law(signal_)) {
    refuse_clipping(p, "range", law_);
  }

  [[nodiscard]] SampleFormat format() const override { return format_of_codes(model_.bits); }

  [[nodiscard]] Analytic analytic() const override {
    const ConditionalMinEntropy conditional = conditional_min_entropy(signal_, model_.bound);
    return {.entropy = {.marginal = std::max(min_entropy_of(law_), conditional.average),
                        .average_conditional = conditional.average,
                        .worst_case_conditional = conditional.worst,
                        .worst_case_failure_log2 = log2_beyond(model_.bound),
                        .rate = 1e9,
                        .side_information = "the receiver's noise and offset, and all samples before"},
            .claim = conditional.average,
            .method =
                "average conditional min-entropy of the Gamma law given the receiver's noise (thermal light of "
                "M modes; after Williams et al., Opt. Express 18, 23584)",
            .assumptions = {
                "against side information for which the model holds: classical noise known to the adversary",
                "a trusted thermal source: nothing is claimed against an adversary who holds the light's "
                "purification",
                "samples are taken slower than the electrical bandwidth, so that they are independent",
                "the receiver's noise is Gaussian, and independent from sample to sample", "the converter is ideal"}};
  }

  [[nodiscard]] std::vector<std::vector<double>> laws() const override { return {law_}; }

  [[nodiscard]] std::optional<double> optical_power(const Strengths& faults) const override {
    // It is too slow for the supply's ripple.
    return (1 + faults[power_drift]) * (1 - faults[pump_loss]);
  }

  void restart(Dice&) override { time_ = 0; }

  std::size_t draw(Dice& dice, const Strengths& faults, std::span<std::uint16_t> codes,
                   std::span<Trace> traces) override {
    const double gain = 1 + faults[gain_drift];
    const auto modes = static_cast<unsigned>(std::max(1.0, std::round(model_.modes * (1 + faults[filter_drift]))));
    for (std::size_t i = 0; i < codes.size(); ++i, ++time_) {
      const double turns = 2 * std::numbers::pi * static_cast<double>(time_);
      double power = gain * (1 + faults[power_drift]) * (1 - faults[pump_loss]);
      if (faults[supply_ripple] > 0) power *= 1 + faults[supply_ripple] * std::sin(turns * 1e-3);
      double known = model_.noise * dice.normal() + model_.offset;
      if (faults[rf_burst] > 0) known += faults[rf_burst] * dice.normal();
      if (faults[tone] > 0) known += faults[tone] * std::sin(turns * 0.12);
      known = gain * known + faults[dc_drift];
      codes[i] = signal_.converter.convert(known + power * intensity(dice, modes));
      if (!traces.empty()) traces[i] = explain(known, power, modes);
    }
    return codes.size();
  }

 private:
  enum Fault : std::size_t {
    power_drift,
    pump_loss,
    supply_ripple,
    filter_drift,
    dc_drift,
    gain_drift,
    rf_burst,
    tone
  };

  AseModel model_;
  ConvertedSignal signal_;
  std::vector<double> law_;  ///< of the codes
  std::uint64_t time_ = 0;

  /// The likeliest code lies at the law's one peak, (M - 1) / M.
  [[nodiscard]] Trace explain(double known, double power, unsigned modes) const {
    const Converter& converter = signal_.converter;
    if (power <= 0) return {known, converter.convert(known), Cause::noise};
    AseModel now = model_;
    now.modes = modes;
    const ConvertedSignal plain = now.signal();
    const ConvertedSignal scaled{.converter = converter, .cdf = [&](double x) { return plain.cdf(x / power); }};
    const double peak = power * (modes - 1.0) / modes + known;
    const double code = std::floor((peak - converter.lowest) / converter.step);
    const std::array<double, 3> candidates{code - 1, code, code + 1};
    return {known, likeliest_code(scaled, known, candidates), Cause::photon};
  }
};

}  // namespace

ConvertedSignal AseModel::signal() const {
  const double m = modes;
  const double top = range > 0 ? range : 1 + 5 / std::sqrt(m);
  return {.converter = {bits, 0, std::ldexp(top, -static_cast<int>(bits))},
          .cdf = [modes = modes](double x) { return thermal_cdf(modes, x); },
          .reach = (m + 40 + 12 * std::sqrt(m)) / m,
          .noise = noise,
          .offset = offset};
}

ModelKind ase_kind() {
  return {.name = "sim:ase",
          .summary = "amplified spontaneous emission on a fast photodiode",
          .parameters = {{"modes", "of the light", 4, 1, 256, true},
                         {"range", "of the converter, in mean intensities; 0: 1 + 5 / sqrt(modes)", 0, 0, 100},
                         {"noise", "standard deviation of the receiver's noise, in mean intensities", 0.01, 0, 1},
                         {"offset", "before the converter, in mean intensities", 0, -10, 10},
                         {"bits", "of the converter", 8, 1, 12, true}},
          .faults = {{"power_drift", "source", "the light grows by `size` times", -0.3, -1, 100},
                     {"pump_loss", "source", "`size` of the light is lost", 1, 0, 1},
                     {"supply_ripple", "source", "the supply modulates the light by ± `size`, 0.001 periods a sample",
                      0.2, 0, 1},
                     {"filter_drift", "source", "the number of modes grows by `size` times", 3, -0.99, 100},
                     {"dc_drift", "analog", "an offset of `size` mean intensities is added", 0.2, -10, 10},
                     {"gain_drift", "analog", "the gain grows by `size` times", 1, -0.99, 100},
                     {"rf_burst", "analog", "noise of deviation `size` is picked up", 0.2, 0, 10},
                     {"tone", "analog", "a sine of amplitude `size`, 0.12 periods a sample", 0.1, 0, 10}},
          .make = [](const Parameters& parameters, std::uint64_t) -> std::unique_ptr<PhotonModel> {
            return std::make_unique<Ase>(parameters);
          }};
}

}  // namespace lightseed::simulated

// SPDX-License-Identifier: Apache-2.0
#include "driver/simulated/phase_noise/phase_noise.h"

#include <cmath>
#include <numbers>
#include <vector>

#include "driver/simulated/frame/codes.h"
#include "driver/simulated/phase_noise/model.h"

namespace lightseed::simulated {
namespace {

class PhaseNoise final : public PhotonModel {
 public:
  explicit PhaseNoise(const Parameters& p)
      : model_{.pulsed = p.word("mode") == "pulsed",
               .visibility = p["visibility"],
               .noise = p["noise"],
               .phase_deviation = p["phase_deviation"],
               .phase = p["phase"],
               .offset = p["offset"],
               .bits = p.whole("bits")} {
    if (!model_.pulsed) {
      // Megahertz times nanoseconds are thousandths.
      model_.phase_deviation = std::sqrt(2 * std::numbers::pi * p["linewidth"] * p["delay"] * 1e-3);
      model_.phase = std::numbers::pi / 2;
      rate_ = std::min(rate_, 1e9 / p["delay"]);
    }
    if (model_.phase_deviation < 0.05) {
      p.refuse(model_.pulsed ? "phase_deviation" : "linewidth",
               "the phase hardly moves; expected a deviation of 0.05 radians or more");
    }
    law_ = marginal_law(model_.signal());
    refuse_clipping(p, "offset", law_);
  }

  [[nodiscard]] SampleFormat format() const override { return format_of_codes(model_.bits); }

  [[nodiscard]] Analytic analytic() const override {
    const ConditionalMinEntropy conditional = model_.conditional();
    return {
        .entropy = {.marginal = std::max(min_entropy_of(law_), conditional.average),
                    .average_conditional = conditional.average,
                    .worst_case_conditional = conditional.worst,
                    .worst_case_failure_log2 = log2_beyond(model_.bound),
                    .rate = rate_,
                    .side_information = "the receiver's noise and offset, and all samples before"},
        .claim = conditional.average,
        .method = model_.pulsed ? "average conditional min-entropy of the arcsine law given the receiver's noise, less "
                                  "the excess of the wrapped phase's density (after Abellan et al., Opt. Express 22, "
                                  "1645)"
                                : "average conditional min-entropy of the sine of a Gaussian phase given the "
                                  "receiver's noise (after Qi et al., Opt. Lett. 35, 312)",
        .assumptions = {
            "against side information for which the model holds: classical noise known to the adversary",
            "phases are independent from sample to sample, with the stated deviation",
            model_.pulsed ? "the interferometer's phase may be anything" : "the interferometer is locked to quadrature",
            "the receiver's noise is Gaussian, and independent from sample to sample", "the converter is ideal"}};
  }

  [[nodiscard]] std::vector<std::vector<double>> laws() const override { return {law_}; }

  [[nodiscard]] std::optional<double> optical_power(const Strengths& faults) const override {
    return 1 - faults[laser_below_threshold];
  }

  void restart(Dice&) override { time_ = 0; }

  std::size_t draw(Dice& dice, const Strengths& faults, std::span<std::uint16_t> codes,
                   std::span<Trace> traces) override {
    PhaseNoiseModel now = model_;
    now.visibility *= (1 - faults[visibility_loss]) * (1 - faults[laser_below_threshold]);
    now.phase_deviation *= 1 - faults[injection_lock];
    now.phase += faults[phase_walk];
    const double gain = 1 + faults[gain_drift];
    PhaseNoiseModel seen = now;
    seen.visibility *= gain;
    seen.offset = 0;
    const ConvertedSignal fringe = seen.signal();
    for (std::size_t i = 0; i < codes.size(); ++i, ++time_) {
      double known = now.noise * dice.normal() + now.offset;
      if (faults[rf_burst] > 0) known += faults[rf_burst] * dice.normal();
      if (faults[tone] > 0) known += faults[tone] * std::sin(2 * std::numbers::pi * 0.12 * static_cast<double>(time_));
      known = gain * known + faults[dc_drift];
      const double light = gain * now.visibility * std::cos(now.phase + now.phase_deviation * dice.normal());
      codes[i] = fringe.converter.convert(known + light);
      if (!traces.empty()) traces[i] = explain(seen, fringe, known);
    }
    return codes.size();
  }

 private:
  enum Fault : std::size_t {
    laser_below_threshold,
    injection_lock,
    visibility_loss,
    phase_walk,
    dc_drift,
    gain_drift,
    rf_burst,
    tone
  };

  PhaseNoiseModel model_;
  std::vector<double> law_;  ///< of the codes
  double rate_ = 1e9;        ///< samples a second
  std::uint64_t time_ = 0;

  /// The likeliest codes are those around the turning points ± V and, while the phase moves little, around its cosine.
  [[nodiscard]] static Trace explain(const PhaseNoiseModel& seen, const ConvertedSignal& fringe, double known) {
    const Converter& converter = fringe.converter;
    if (seen.visibility <= 0 || seen.phase_deviation < 0.05) {
      const double still = known + seen.visibility * std::cos(seen.phase);
      return {known, converter.convert(still), Cause::noise};
    }
    const auto code = [&](double x) { return std::floor((x + known - converter.lowest) / converter.step); };
    const double low = code(-seen.visibility);
    const double high = code(seen.visibility);
    const double middle = code(seen.visibility * std::cos(seen.phase));
    const std::array<double, 7> candidates{low, low + 1, high, high - 1, middle, middle - 1, middle + 1};
    return {known, likeliest_code(fringe, known, candidates), Cause::photon};
  }
};

}  // namespace

ModelKind phase_noise_kind() {
  return {.name = "sim:phase-noise",
          .summary = "phase noise of a laser behind an interferometer",
          .parameters = {{"mode", "gain-switched pulses or a continuous wave", 0, 0, 0, false, {"pulsed", "cw"}},
                         {"visibility", "amplitude of the fringe, in half converter ranges", 0.9, 0.001, 10},
                         {"noise", "standard deviation of the receiver's noise, same unit", 0.02, 0, 0.5},
                         {"phase_deviation", "pulsed: standard deviation of the phase, radians", 4, 0.05, 100},
                         {"phase", "pulsed: the interferometer's phase, radians", 0, -10, 10},
                         {"linewidth", "cw: of the laser, MHz", 100, 0.001, 100000},
                         {"delay", "cw: of the interferometer, ns", 1, 0.001, 1000},
                         {"offset", "before the converter, half converter ranges", 0, -2, 2},
                         {"bits", "of the converter", 8, 1, 12, true}},
          .faults = {{"laser_below_threshold", "source", "`size` of the light's amplitude is lost", 1, 0, 1},
                     {"injection_lock", "source", "the phase's deviation falls by `size` times", 1, 0, 1},
                     {"visibility_loss", "source", "the fringe's amplitude falls by `size` times", 0.5, 0, 1},
                     {"phase_walk", "source", "the interferometer's phase moves by `size` radians", 1, -100, 100},
                     {"dc_drift", "analog", "an offset of `size` half ranges is added", 0.1, -10, 10},
                     {"gain_drift", "analog", "the gain grows by `size` times", 1, -0.99, 100},
                     {"rf_burst", "analog", "noise of deviation `size` is picked up", 0.2, 0, 10},
                     {"tone", "analog", "a sine of amplitude `size`, 0.12 periods a sample", 0.1, 0, 10}},
          .make = [](const Parameters& parameters, std::uint64_t) -> std::unique_ptr<PhotonModel> {
            return std::make_unique<PhaseNoise>(parameters);
          }};
}

}  // namespace lightseed::simulated

// SPDX-License-Identifier: Apache-2.0
#include "driver/simulated/homodyne/homodyne.h"

#include <fmt/format.h>

#include <cmath>
#include <numbers>
#include <vector>

#include "driver/simulated/frame/codes.h"
#include "driver/simulated/homodyne/model.h"

namespace lightseed::simulated {
namespace {

/// Less would leave nothing new from one sample to the next that a double could hold.
double signal_bandwidth_of(const Parameters& p) {
  constexpr double least = 1e-6;
  const double bandwidth = p["bandwidth"];
  if (bandwidth > 0 && bandwidth < least)
    p.refuse("bandwidth", fmt::format("it is 0, which means unlimited, or {} and more", least));
  return bandwidth;
}

class Homodyne final : public PhotonModel {
 public:
  explicit Homodyne(const Parameters& p)
      : model_{.qcnr_db = p["qcnr_db"],
               .range = p["range"],
               .offset = p["offset"],
               .noise_bound = p["noise_bound"],
               .bits = p.whole("bits"),
               .bandwidth = signal_bandwidth_of(p),
               .hum = p["hum"]},
        hum_frequency_(p["hum_frequency"]),
        noise_memory_(p["noise_correlation"]),
        converter_(model_.converter()),
        law_(model_.code_probabilities()) {
    refuse_clipping(p, "range", law_);
  }

  [[nodiscard]] SampleFormat format() const override { return format_of_codes(model_.bits); }

  [[nodiscard]] Analytic analytic() const override {
    Analytic all;
    all.entropy = {.marginal = min_entropy_of(law_),
                   .average_conditional = model_.average_min_entropy(),
                   .worst_case_conditional = model_.worst_case_min_entropy(),
                   .worst_case_failure_log2 = log2_beyond(model_.noise_bound),
                   .rate = 1e8,
                   .side_information =
                       "the classical noise, offset and hum before the converter, and all samples "
                       "before"};
    all.claim = noise_memory_ > 0 ? 0 : std::min(all.entropy.average_conditional, model_.run_min_entropy());
    all.method = noise_memory_ > 0
                     ? "none: classical noise correlated in time has no average min-entropy that multiplies"
                     : "average conditional min-entropy of a code given the classical noise (Haw et al., "
                       "arXiv:1411.4512) and the quantum noise of the past (Gehring et al., Nat. Commun. 12, 605)";
    all.assumptions = {"against side information for which the model holds: classical noise known to the adversary",
                       "the quantum noise is Gaussian and stationary, with the stated bandwidth and ratio to the "
                       "classical noise",
                       "the classical noise is independent from sample to sample", "the converter is ideal"};
    return all;
  }

  [[nodiscard]] std::vector<std::vector<double>> laws() const override {
    if (model_.bandwidth > 0 || model_.hum > 0 || noise_memory_ > 0) return {};
    return {law_};
  }

  [[nodiscard]] std::optional<GaussianLaw> gaussian_law() const override {
    // Closer to 1, a memory in single precision would be another one.
    constexpr double most_memory = 0.999;
    if (model_.bandwidth <= 0 || model_.hum > 0 || noise_memory_ > 0 || model_.memory() > most_memory)
      return std::nullopt;
    return GaussianLaw{.memory = model_.memory(),
                       .noise = model_.classical_deviation(),
                       .mean = model_.offset,
                       .converter = converter_};
  }

  [[nodiscard]] bool steady() const override { return model_.hum <= 0; }

  [[nodiscard]] std::optional<Dimmer> dimmer() const override { return Dimmer{laser_off, LightNoise::balanced}; }

  [[nodiscard]] std::optional<double> optical_power(const Strengths& faults) const override {
    // Gain control is behind the detectors.
    return 1 - std::max(faults[laser_off], faults[agc_mask]);
  }

  void restart(Dice& dice) override {
    time_ = 0;
    quantum_ = dice.normal();
    classical_ = dice.normal();
  }

  std::size_t draw(Dice& dice, const Strengths& faults, std::span<std::uint16_t> codes,
                   std::span<Trace> traces) override {
    const double light = std::sqrt(1 - std::max(faults[laser_off], faults[agc_mask]));
    const double noise = model_.classical_deviation();
    const double masked = std::sqrt((1 + noise * noise) / (1 - faults[agc_mask] + noise * noise));
    const double gain = (1 + faults[gain_drift]) * masked;
    const double memory = std::max(model_.memory(), faults[bandwidth_drop]);
    const double innovation = std::sqrt(1 - memory * memory);
    const double extra = std::hypot(faults[rf_burst], faults[cmrr_loss]);
    const double sine = model_.hum + faults[hum];
    const double constant = model_.offset + faults[dc_drift] + faults[injection] * 2 * model_.range;
    for (std::size_t i = 0; i < codes.size(); ++i, ++time_) {
      const double turns = 2 * std::numbers::pi * static_cast<double>(time_);
      classical_ = noise_memory_ * classical_ + std::sqrt(1 - noise_memory_ * noise_memory_) * dice.normal();
      double known = light * memory * quantum_ + noise * classical_;
      if (extra > 0) known += extra * dice.normal();
      if (sine > 0) known += sine * std::sin(turns * hum_frequency_);
      if (faults[tone] > 0) known += faults[tone] * std::sin(turns * 0.12);
      const double fresh = dice.normal();
      quantum_ = memory * quantum_ + innovation * fresh;
      known = gain * known + constant;
      codes[i] = converter_.convert(known + gain * light * innovation * fresh);
      if (!traces.empty()) traces[i] = explain(known, gain * light * innovation);
    }
    return codes.size();
  }

 private:
  enum Fault : std::size_t {
    laser_off,
    agc_mask,
    dc_drift,
    gain_drift,
    hum,
    tone,
    rf_burst,
    bandwidth_drop,
    cmrr_loss,
    injection
  };

  HomodyneModel model_;
  double hum_frequency_;
  double noise_memory_;
  Converter converter_;
  std::vector<double> law_;  ///< of the codes
  std::uint64_t time_ = 0;
  double quantum_ = 0;    ///< Q of the sample before
  double classical_ = 0;  ///< E of the sample before, in its own standard deviation

  /// The adversary's guess: the code around what is known, or an end code where that is likelier.
  [[nodiscard]] Trace explain(double known, double deviation) const {
    if (deviation <= 0) return {known, converter_.convert(known), Cause::noise};
    const ConvertedSignal rest{.converter = converter_,
                               .cdf = [deviation](double x) { return normal_cdf(x / deviation); }};
    const std::array<double, 1> around{std::floor((known - converter_.lowest) / converter_.step)};
    return {known, likeliest_code(rest, known, around), Cause::photon};
  }
};

}  // namespace

ModelKind homodyne_kind() {
  return {
      .name = "sim:homodyne",
      .summary = "vacuum fluctuations, balanced homodyne detection",
      .parameters = {{"qcnr_db", "quantum to classical noise ratio, dB", 10, -20, 60},
                     {"range", "half the converter's range, in standard deviations of the quantum noise", 3.881, 0.1,
                      100},
                     {"offset", "constant offset before the converter, same unit", 0, -100, 100},
                     {"noise_bound",
                      "the reported worst case covers this many standard deviations of what the "
                      "adversary knows; the claim does not depend on it",
                      6, 1, 10},
                     {"bits", "of the converter", 8, 8, 16, true},
                     {"bandwidth", "3 dB bandwidth over sampling rate; 0: unlimited", 0, 0, 10},
                     {"hum", "amplitude of a sine before the converter", 0, 0, 10},
                     {"hum_frequency", "of the hum, in periods a sample", 5e-7, 0, 0.5},
                     {"noise_correlation", "of the classical noise from sample to sample; above 0 nothing is claimed",
                      0, 0, 0.999}},
      .faults = {{"laser_off", "source", "`size` of the local oscillator's power is lost", 1, 0, 1},
                 {"agc_mask", "source", "`size` of its power is lost, and gain control hides it", 1, 0, 1},
                 {"dc_drift", "analog", "an offset of `size` is added", 0.3, -100, 100},
                 {"gain_drift", "analog", "the gain grows by `size` times", 3, -0.99, 100},
                 {"hum", "analog", "a sine of amplitude `size` at the hum's frequency", 0.1, 0, 100},
                 {"tone", "analog", "a sine of amplitude `size`, 0.12 periods a sample", 0.05, 0, 100},
                 {"rf_burst", "analog", "noise of deviation `size` is picked up", 1, 0, 100},
                 {"bandwidth_drop", "analog", "the correlation from sample to sample is `size`", 0.533, 0, 0.9999},
                 {"cmrr_loss", "detector", "laser noise of deviation `size` is no longer balanced out", 0.5, 0, 100},
                 {"injection", "source", "a bright beam shifts the signal by `size` converter ranges", 1, -10, 10}},
      .make = [](const Parameters& parameters, std::uint64_t) -> std::unique_ptr<PhotonModel> {
        return std::make_unique<Homodyne>(parameters);
      }};
}

}  // namespace lightseed::simulated

// SPDX-License-Identifier: Apache-2.0
#include "driver/simulated/photon_number/photon_number.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numbers>

#include "driver/simulated/frame/codes.h"
#include "driver/simulated/frame/converter.h"
#include "driver/simulated/photon_number/model.h"

namespace lightseed::simulated {
namespace {

constexpr unsigned kinds_of_pixels = 16;
constexpr std::size_t columns = 64;
constexpr double frames_a_second = 100;

/// x with P(N(0,1) <= x) = p, by bisection.
double normal_quantile(double p) {
  double low = -9;
  double high = 9;
  while (high - low > 1e-12) {
    const double middle = (low + high) / 2;
    (normal_cdf(middle) < p ? low : high) = middle;
  }
  return low;
}

class PhotonNumber final : public PhotonModel {
 public:
  PhotonNumber(const Parameters& p, std::uint64_t seed)
      : model_{.electrons = p["electrons"],
               .read_noise = p["read_noise"],
               .gain = p["gain"],
               .offset = p["offset"],
               .bits = p.whole("bits"),
               .full_well = p["full_well"],
               .low_bit = p.whole("low_bit"),
               .kept_bits = p.whole("kept_bits") == 0 ? p.whole("bits") : p.whole("kept_bits")},
        frame_(p.whole("pixels")) {
    if (p.whole("kept_bits") == 0 && model_.low_bit < model_.bits) model_.kept_bits = model_.bits - model_.low_bit;
    if (model_.low_bit + model_.kept_bits > model_.bits) {
      p.refuse("low_bit", fmt::format("bits {} to {} are kept, and the converter has {}", model_.low_bit,
                                      model_.low_bit + model_.kept_bits - 1, model_.bits));
    }
    if (model_.electrons > model_.full_well) {
      p.refuse("full_well", fmt::format("{} electrons fill it; expected at least so many", model_.electrons));
    }
    if (const double spread = 16 * model_.read_noise * model_.gain;
        spread > std::ldexp(1.0, static_cast<int>(model_.bits))) {
      p.refuse("read_noise", fmt::format("it spreads over {:.0f} codes, and the converter has {:.0f}", spread,
                                         std::ldexp(1.0, static_cast<int>(model_.bits))));
    }
    if (model_.kept_bits == model_.bits) refuse_clipping(p, "gain", model_.law({}));
    make_pixels(p["prnu"], p["dsnu"], seed);
  }

  [[nodiscard]] SampleFormat format() const override {
    // A single kept bit stays in a byte of its own: captures of before are like that.
    return {.bits = model_.kept_bits, .container_bits = model_.kept_bits > 8 ? 16U : 8U};
  }

  [[nodiscard]] Analytic analytic() const override {
    // The worst pixel counts, not the mean of all: an adversary knows which is which.
    PhotonNumberModel::Conditional worst{16, 16};
    double marginal = 16;
    for (const auto& pixel : pixels_) {
      const auto here = model_.conditional(pixel);
      worst = {std::min(worst.average, here.average), std::min(worst.worst, here.worst)};
      marginal = std::min(marginal, min_entropy_of(model_.law(pixel)));
    }
    return {.entropy = {.marginal = std::max(marginal, worst.average),
                        .average_conditional = worst.average,
                        .worst_case_conditional = worst.worst,
                        .worst_case_failure_log2 = log2_beyond(model_.bound),
                        .rate = static_cast<double>(frame_) * frames_a_second,
                        .side_information = "every pixel's sensitivity, dark offset and read noise, and all samples "
                                            "before"},
            .claim = worst.average,
            .method =
                "average conditional min-entropy of the worst pixel's code given its read noise: that of "
                "Poisson's law, added up where electrons share a code (after Sanguinetti et al., Phys. Rev. X 4, "
                "031056)",
            .assumptions = {"against side information for which the model holds: classical noise known to the "
                            "adversary",
                            "electrons are Poisson, independent from pixel to pixel and frame to frame",
                            "the read noise is independent of the light", "the light is as bright as stated"}};
  }

  [[nodiscard]] std::vector<std::vector<double>> laws() const override {
    std::vector<std::vector<double>> all;
    for (const auto& pixel : pixels_)
      all.push_back(model_.law(pixel));
    return all;
  }
  [[nodiscard]] std::vector<std::uint8_t> pattern() const override { return pattern_; }

  /// A photon transfer curve wants whole codes, and of pixels that differ one curve each.
  [[nodiscard]] std::optional<Dimmer> dimmer() const override {
    if (!pattern_.empty() || model_.kept_bits != model_.bits) return std::nullopt;
    return Dimmer{led_off, LightNoise::counted};
  }

  [[nodiscard]] std::optional<double> optical_power(const Strengths& faults) const override {
    // It is too slow for flicker.
    return (1 - faults[led_ageing]) * (1 - faults[led_off]);
  }

  void restart(Dice&) override { place_ = 0; }

  std::size_t draw(Dice& dice, const Strengths& faults, std::span<std::uint16_t> codes,
                   std::span<Trace> traces) override {
    PhotonNumberModel now = model_;
    now.gain *= 1 + faults[gain_drift];
    now.offset += faults[dc_drift];
    for (std::size_t i = 0; i < codes.size(); ++i, ++place_) {
      const std::uint64_t at = place_ % frame_;
      const std::size_t kind = pattern_.empty() ? 0 : pattern_[at];
      double light = model_.electrons * pixels_[kind].sensitivity * (1 - faults[led_ageing]) * (1 - faults[led_off]);
      if (faults[power_flicker] > 0) {
        // The lamp flickers at 100 Hz while a frame of 10 ms is read row by row.
        light *= 1 + faults[power_flicker] *
                         std::sin(2 * std::numbers::pi * static_cast<double>(at) / static_cast<double>(frame_));
      }
      double leak = faults[light_leak] + faults[dark_rise];
      if (at == 0) leak += faults[hot_pixel];
      if (at == 1 && faults[rts_pixel] > 0) {
        if (dice.chance(0.1)) telegraph_ = !telegraph_;
        leak += telegraph_ ? faults[rts_pixel] : 0;
      }
      double noise = pixels_[kind].dark + (model_.read_noise > 0 ? model_.read_noise * dice.normal() : 0);
      if (faults[row_noise] > 0) {
        if (place_ % columns == 0) row_ = dice.normal();
        noise += faults[row_noise] * row_;
      }
      // Light from outside and dark current are Poisson as well, but not ours: the adversary knows them.
      if (leak > 0) noise += static_cast<double>(dice.poisson(leak));
      const auto electrons = static_cast<double>(dice.poisson(light));
      codes[i] = static_cast<std::uint16_t>(now.code(electrons, noise));
      if (!traces.empty())
        traces[i] = {noise, likeliest(now, light, kind, noise), light > 0 ? Cause::photon : Cause::noise};
    }
    return codes.size();
  }

 private:
  enum Fault : std::size_t {
    led_ageing,
    led_off,
    power_flicker,
    light_leak,
    dark_rise,
    row_noise,
    gain_drift,
    dc_drift,
    hot_pixel,
    rts_pixel
  };

  PhotonNumberModel model_;
  std::uint64_t frame_;
  std::vector<PhotonNumberModel::Pixel> pixels_;
  std::vector<std::uint8_t> pattern_;
  std::uint64_t place_ = 0;
  double row_ = 0;
  bool telegraph_ = false;
  std::vector<double> healthy_light_;
  std::vector<PoissonLaw> healthy_;
  std::vector<double> seen_;

  void make_pixels(double prnu, double dsnu, std::uint64_t seed) {
    if (prnu <= 0 && dsnu <= 0) {
      pixels_.push_back({});
    } else {
      for (unsigned k = 0; k < kinds_of_pixels; ++k) {
        // Quantiles of both laws, paired by a fixed permutation that ties neither to the other.
        pixels_.push_back({std::max(0.0, 1 + prnu * normal_quantile((k + 0.5) / kinds_of_pixels)),
                           dsnu * normal_quantile(((k * 7 + 3) % kinds_of_pixels + 0.5) / kinds_of_pixels)});
      }
      std::vector<std::uint32_t> words(frame_);
      Keystream("sim:photon-number/pixels", seed, 0).fill(words);
      for (const std::uint32_t word : words)
        pattern_.push_back(static_cast<std::uint8_t>(word % kinds_of_pixels));
    }
    for (const auto& pixel : pixels_) {
      healthy_light_.push_back(model_.electrons * pixel.sensitivity);
      healthy_.emplace_back(healthy_light_.back());
    }
  }

  /// The likeliest code given the noise. Near the mode of Poisson's law, unless only some bits are kept.
  std::uint16_t likeliest(const PhotonNumberModel& now, double light, std::size_t kind, double noise) {
    if (light != healthy_light_[kind]) {
      healthy_light_[kind] = light;
      healthy_[kind] = PoissonLaw(light);
    }
    const PoissonLaw& law = healthy_[kind];
    // Unless only some bits are kept or something overflows, the likeliest code is that of the mode or next to it.
    const double spread = 8 * std::sqrt(light);
    const double low = now.gain * (light - spread + noise) + now.offset;
    const double high = now.gain * (light + spread + noise) + now.offset;
    const bool whole = now.kept_bits == now.bits && light + spread < now.full_well && low > 0 && high < 1U << now.bits;
    const double near = whole ? 2 / now.gain + 3 : 1e9;
    seen_.resize(std::size_t{1} << now.kept_bits);
    unsigned best = 0;
    const auto from = static_cast<std::size_t>(std::max(0.0, light - near - static_cast<double>(law.first)));
    const auto to = static_cast<std::size_t>(
        std::min(static_cast<double>(law.p.size()), light + near - static_cast<double>(law.first) + 1));
    for (std::size_t i = from; i < to; ++i) {
      const unsigned code = now.code(static_cast<double>(law.first + i), noise);
      seen_[code] += law.p[i];
      if (seen_[code] > seen_[best]) best = code;
    }
    for (std::size_t i = from; i < to; ++i)
      seen_[now.code(static_cast<double>(law.first + i), noise)] = 0;
    return static_cast<std::uint16_t>(best);
  }
};

}  // namespace

ModelKind photon_number_kind() {
  return {
      .name = "sim:photon-number",
      .summary = "shot noise of an LED, counted by the pixels of a CMOS sensor",
      .parameters = {{"electrons", "mean electrons a pixel and frame", 410, 0.01, 50000},
                     {"read_noise", "standard deviation, electrons", 3.3, 0, 1000},
                     {"gain", "codes an electron", 1, 0.01, 64},
                     {"offset", "codes", 0, -65536, 65536},
                     {"bits", "of the converter", 10, 8, 16, true},
                     {"full_well", "electrons a pixel holds", 500, 1, 200000},
                     {"low_bit", "lowest bit that is kept", 0, 0, 15, true},
                     {"kept_bits", "bits that are kept from there; 0: all", 0, 0, 16, true},
                     {"prnu", "relative standard deviation of the pixels' sensitivity", 0.01, 0, 0.3},
                     {"dsnu", "standard deviation of the pixels' dark offsets, electrons", 1, 0, 1000},
                     {"pixels", "in a frame", 4096, 64, 1 << 20, true}},
      .faults = {{"led_ageing", "source", "`size` of the light is lost", 0.3, 0, 1},
                 {"led_off", "source", "`size` of the light is lost", 1, 0, 1},
                 {"power_flicker", "source", "the light varies by ± `size` within a frame", 0.2, 0, 1},
                 {"light_leak", "source", "`size` electrons a pixel from outside", 50, 0, 100000},
                 {"dark_rise", "detector", "`size` electrons a pixel of dark current", 50, 0, 100000},
                 {"row_noise", "detector", "common noise of deviation `size` electrons in a row of 64", 10, 0, 1000},
                 {"gain_drift", "analog", "the gain grows by `size` times", 1, -0.99, 100},
                 {"dc_drift", "analog", "an offset of `size` codes is added", 50, -65536, 65536},
                 {"hot_pixel", "detector", "the first pixel gets `size` electrons more", 100, 0, 100000},
                 {"rts_pixel", "detector", "the second pixel switches between 0 and `size` electrons more", 30, 0,
                  100000}},
      .make = [](const Parameters& parameters, std::uint64_t seed) -> std::unique_ptr<PhotonModel> {
        return std::make_unique<PhotonNumber>(parameters, seed);
      }};
}

}  // namespace lightseed::simulated

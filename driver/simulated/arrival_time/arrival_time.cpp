// SPDX-License-Identifier: Apache-2.0
#include "driver/simulated/arrival_time/arrival_time.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <optional>

#include "driver/simulated/arrival_time/model.h"
#include "driver/simulated/frame/codes.h"
#include "driver/simulated/frame/converter.h"

namespace lightseed::simulated {
namespace {

using Encoding = ArrivalTimeModel::Encoding;
constexpr std::uint64_t patience = 10'000'000;  // periods without a sample: the source is silent
/// After so many detections, wanted or not, what was drawn is handed out: somebody may have asked to stop.
constexpr std::uint64_t detections_a_draw = patience;

std::vector<double> uneven_steps(double dnl, unsigned bits, std::uint64_t seed) {
  Dice dice(Keystream("sim:arrival-time/steps", seed, 0));
  std::vector<double> weights(std::size_t{1} << bits);
  for (double& weight : weights)
    weight = std::max(0.0, 1 + dnl * dice.normal());
  const double mean = std::accumulate(weights.begin(), weights.end(), 0.0) / static_cast<double>(weights.size());
  for (double& weight : weights)
    weight /= mean;
  return weights;
}

class ArrivalTime final : public PhotonModel {
 public:
  ArrivalTime(const Parameters& p, std::uint64_t seed)
      : model_{.encoding = static_cast<Encoding>(p["encoding"]),
               .free_running = p.word("clock") == "free",
               .rate = p["rate"],
               .dark = p["dark"] * 1e-6,
               .step = p["step"],
               .window = p["window"],
               .bits = p.whole("bits"),
               .dead = p["dead"],
               .jitter = p["jitter"]} {
    if (model_.free_running && model_.encoding != Encoding::counter) {
      p.refuse("clock", "only the encoding counter has a free-running clock");
    }
    if (model_.free_running && p["dnl"] > 0) {
      p.refuse("dnl", "uneven steps are modelled for a clock that restarts; expected 0");
    }
    if (!(model_.rate > 1e-9)) p.refuse("rate", "so few photons never arrive; expected more than 1e-9 per microsecond");
    if (model_.jitter * (model_.rate + model_.dark) * 1e-3 > 0.5) {
      p.refuse("jitter", "more than half the mean time between detections");
    }
    if (p["dnl"] > 0 && model_.sample_bits() > 1) model_.weights = uneven_steps(p["dnl"], model_.bits, seed);
    if (const double most = model_.guess().average; most > 0.999) {
      p.refuse("rate", fmt::format("a sample could be guessed with probability {:.6f}; expected at most 0.999", most));
    }
    edges_ = model_.edges();
    const auto law = model_.law();
    likeliest_ = static_cast<std::uint16_t>(std::max_element(law.begin(), law.end()) - law.begin());
  }

  [[nodiscard]] SampleFormat format() const override { return format_of_codes(model_.sample_bits()); }

  [[nodiscard]] Analytic analytic() const override {
    const auto guess = model_.guess();
    const double average = bits_of(guess.average);
    const double worst = bits_of(guess.worst);
    return {
        .entropy = {.marginal = std::max(min_entropy_of(model_.law()), average),
                    .average_conditional = average,
                    .worst_case_conditional = worst,
                    .worst_case_failure_log2 = log2_beyond(model_.bound),
                    .rate = samples_a_second(),
                    .side_information = "all dark counts, the detector's jitter, the steps' lengths, where in its "
                                        "step the last detection lay, and all samples before"},
        // Places follow from one another, and an average over them does not multiply; the worst place does.
        .claim = model_.free_running ? worst : average,
        .method =
            "conditional min-entropy of a sample of Poisson arrivals: light is detected in a given step with a "
            "probability that no place, jitter or dark count can raise; samples that end with a dark count "
            "are known",
        .assumptions = {"against side information for which the model holds: dark counts and timing errors known to "
                        "the adversary",
                        "detections are Poisson at the stated rate, without afterpulses",
                        "a period begins with a detector that is live",
                        "the time-to-digital converter's steps are as uneven as stated"}};
  }

  [[nodiscard]] std::vector<std::vector<double>> laws() const override {
    if (model_.free_running) return {};
    return {model_.law()};
  }

  [[nodiscard]] std::optional<double> optical_power(const Strengths& faults) const override {
    return (1 - faults[led_off]) * (1 + faults[power_drift]);
  }

  void restart(Dice& dice) override {
    place_ = dice.unit();
    late_ = 0;
  }

  std::size_t draw(Dice& dice, const Strengths& faults, std::span<std::uint16_t> codes,
                   std::span<Trace> traces) override {
    const Moment now{.rate = model_.rate * (1 + faults[power_drift]) * (1 - faults[led_off]) * (1 - faults[hv_loss]),
                     .dark = model_.dark * (1 + faults[dark_rise]) + faults[light_leak],
                     .afterpulse = faults[afterpulse_rise],
                     .injected = faults[injected_clock],
                     .jitter = std::hypot(model_.jitter, faults[jitter])};
    detections_ = 0;
    for (std::size_t i = 0; i < codes.size(); ++i) {
      const auto sample = one_sample(dice, now);
      if (!sample) return i;
      codes[i] = sample->code;
      if (!traces.empty()) traces[i] = sample->trace;
      // Eight samples are whole bytes, however they are packed.
      if (detections_ >= detections_a_draw && (i + 1) % 8 == 0) return i + 1;
    }
    return codes.size();
  }

 private:
  enum Fault : std::size_t {
    power_drift,
    led_off,
    hv_loss,
    light_leak,
    dark_rise,
    afterpulse_rise,
    injected_clock,
    jitter
  };

  /// The model's numbers while faults are at a certain strength.
  struct Moment {
    double rate;  ///< of light, per microsecond
    double dark;
    double afterpulse;
    double injected;
    double jitter;
  };
  struct Sample {
    std::uint16_t code;
    Trace trace;
  };

  ArrivalTimeModel model_;
  std::vector<double> edges_;
  std::uint16_t likeliest_ = 0;
  double place_ = 0;              ///< free running: where in its step the last detection lay
  double late_ = 0;               ///< and its jitter, in steps
  std::uint64_t detections_ = 0;  ///< of this draw

  [[nodiscard]] double samples_a_second() const {
    const double wait = 1e3 / (model_.rate + model_.dark) + model_.dead;
    switch (model_.encoding) {
      case Encoding::counter: return 1e9 / wait;
      case Encoding::bin:
        return model_.arrived(std::ldexp(1.0, static_cast<int>(model_.bits)), 0) * 1e9 /
               (model_.period() + model_.dead);
      case Encoding::compare: return 0.5e9 * std::exp(-model_.step / wait) / wait;
      case Encoding::parity: break;
    }
    return 1e9 / (model_.period() + model_.dead);
  }

  /// Time to the next detection in ns, and its cause; nothing where none will come.
  std::optional<double> wait(Dice& dice, const Moment& now, Cause& cause) {
    ++detections_;
    const double step = model_.step_length();
    if (now.injected > 0 && dice.chance(now.injected)) {
      cause = Cause::fault;
      return std::max(0.0, 64 * step - (model_.encoding == Encoding::counter ? model_.dead : 0));
    }
    const double all = now.rate + now.dark;
    if (!(all > 0)) return std::nullopt;
    if (now.afterpulse > 0 && dice.chance(now.afterpulse)) {
      cause = Cause::afterpulse;
      return 3 * step * dice.exponential();
    }
    cause = dice.chance(now.dark / all) ? Cause::dark : Cause::photon;
    return 1e3 * dice.exponential() / all;
  }

  std::optional<Sample> one_sample(Dice& dice, const Moment& now) {
    switch (model_.encoding) {
      case Encoding::counter: return model_.free_running ? counted_on(dice, now) : counted(dice, now);
      case Encoding::bin: return binned(dice, now);
      case Encoding::compare: return compared(dice, now);
      case Encoding::parity: break;
    }
    return counted_in_gate(dice, now);
  }

  [[nodiscard]] double delay(Dice& dice, const Moment& now) const {
    return now.jitter > 0 ? now.jitter / model_.step_length() * dice.normal() : 0;
  }
  [[nodiscard]] std::uint16_t wrap(double count) const {
    const auto mask = (std::int64_t{1} << model_.bits) - 1;
    return static_cast<std::uint16_t>(static_cast<std::int64_t>(std::clamp(count, -0x1p60, 0x1p60)) & mask);
  }
  /// The step in which a time lies, 0 to 2^n.
  [[nodiscard]] std::uint16_t step_of(double t) const {
    if (model_.weights.empty()) return static_cast<std::uint16_t>(t);
    const auto next = std::upper_bound(edges_.begin(), edges_.end(), t);
    return static_cast<std::uint16_t>(std::min<std::ptrdiff_t>(next - edges_.begin(), std::ssize(edges_) - 1) - 1);
  }
  [[nodiscard]] static Sample known_or(std::uint16_t guess, std::uint16_t code, Cause cause, double classical) {
    return {code, {classical, cause == Cause::photon ? guess : code, cause}};
  }

  std::optional<Sample> counted(Dice& dice, const Moment& now) {
    Cause cause = Cause::photon;
    const auto time = wait(dice, now, cause);
    if (!time) return std::nullopt;
    const double late = delay(dice, now);
    const double turn = edges_.back();
    const double from = model_.dead / model_.step + late;
    const double t = from + *time / model_.step;
    const std::uint16_t code = step_of(std::clamp(t - std::floor(t / turn) * turn, 0.0, std::nextafter(turn, 0.0)));
    return known_or(guess_from(from), code, cause, from);
  }

  /// The likelier of the two steps that begin the wait, for who knows the jitter.
  [[nodiscard]] std::uint16_t guess_from(double from) const {
    if (!model_.weights.empty()) return likeliest_;
    const double whole = std::floor(from);
    const auto two = model_.first_two(from - whole, model_.rate * model_.step * 1e-3);
    return wrap(whole + (two.next > two.here ? 1 : 0));
  }

  /// While the detector is dead the clock runs on.
  std::optional<Sample> counted_on(Dice& dice, const Moment& now) {
    Cause cause = Cause::photon;
    const auto time = wait(dice, now, cause);
    if (!time) return std::nullopt;
    const double tick = std::floor(place_ + late_);
    const double live = place_ + model_.dead / model_.step;
    const double to = live + *time / model_.step;
    late_ = delay(dice, now);
    const std::uint16_t code = wrap(std::floor(to + late_) - tick);
    const double from = live + late_ - tick;
    place_ = to - std::floor(to);
    return known_or(guess_from(from), code, cause, from);
  }

  std::optional<Sample> binned(Dice& dice, const Moment& now) {
    for (std::uint64_t tries = 0; tries < patience; ++tries) {
      Cause cause = Cause::photon;
      const auto time = wait(dice, now, cause);
      if (!time) return std::nullopt;
      const double late = delay(dice, now);
      const double t = *time / model_.step_length() + late;
      if (t < 0 || t >= edges_.back()) continue;
      const std::uint16_t guess = late < 0 || !model_.weights.empty() ? likeliest_ : guess_from(late);
      return known_or(guess, step_of(t), cause, late);
    }
    return std::nullopt;
  }

  std::optional<Sample> compared(Dice& dice, const Moment& now) {
    for (std::uint64_t tries = 0; tries < patience; ++tries) {
      Cause first = Cause::photon;
      Cause second = Cause::photon;
      const auto a = wait(dice, now, first);
      const auto b = wait(dice, now, second);
      if (!a || !b) return std::nullopt;
      const double apart = delay(dice, now);
      const double less = delay(dice, now);
      const double longer = std::floor(*a / model_.step + apart);
      const double shorter = std::floor(*b / model_.step + less);
      if (longer == shorter) continue;
      const std::uint16_t guess = apart > less ? 1 : 0;
      return known_or(guess, longer > shorter ? 1 : 0, first == Cause::photon ? second : first, apart - less);
    }
    return std::nullopt;
  }

  std::optional<Sample> counted_in_gate(Dice& dice, const Moment& now) {
    unsigned all = 0;
    unsigned dark = 0;
    double t = 0;
    for (Cause cause = Cause::photon;; ++all, t += model_.dead) {
      const auto time = wait(dice, now, cause);
      if (!time) break;
      t += *time;
      if (t >= model_.period()) break;
      if (all == patience) return std::nullopt;  // a detector that fires without end
      dark += cause == Cause::photon ? 0 : 1;
    }
    const auto code = static_cast<std::uint16_t>(all % 2);
    if (dark > 0 && model_.dead > 0) return Sample{code, {1.0 * dark, code, Cause::dark}};
    return Sample{code, {1.0 * dark, static_cast<std::uint16_t>((dark + likeliest_) % 2), Cause::photon}};
  }
};

}  // namespace

ModelKind arrival_time_kind() {
  return {
      .name = "sim:arrival-time",
      .summary = "arrival times of single photons in steps of a time-to-digital converter",
      .parameters = {{"encoding", "how times become samples", 0, 0, 0, false, {"counter", "bin", "compare", "parity"}},
                     {"clock", "restarts with each detection, or runs on", 0, 0, 0, false, {"restart", "free"}},
                     {"rate", "detections of light per microsecond", 1, 0, 10000},
                     {"dark", "dark counts a second", 100, 0, 1e9},
                     {"step", "of the time-to-digital converter, ns", 4, 0.01, 10000},
                     {"window", "bin, parity: mean detections in a period", 0.1, 0.001, 1000},
                     {"bits", "counter, bin: of a sample", 8, 2, 12, true},
                     {"dead", "dead time after a detection, ns", 45, 0, 100000},
                     {"jitter", "standard deviation of the detector's delay, ns", 0.35, 0, 100},
                     {"dnl", "relative standard deviation of the steps' lengths", 0, 0, 0.3}},
      .faults = {{"power_drift", "source", "the light grows by `size` times", 1, -1, 1000},
                 {"led_off", "source", "`size` of the light is lost", 1, 0, 1},
                 {"hv_loss", "detector", "`size` of the efficiency is lost", 1, 0, 1},
                 {"light_leak", "source", "`size` counts a microsecond from outside", 1, 0, 1000},
                 {"dark_rise", "detector", "dark counts grow by `size` times", 1000, 0, 1e6},
                 {"afterpulse_rise", "detector", "a detection comes of an afterpulse with probability `size`", 0.1, 0,
                  1},
                 {"injected_clock", "source", "a detection comes 64 steps after the last with probability `size`", 0.5,
                  0, 1},
                 {"jitter", "detector", "delays of deviation `size` ns are added", 20, 0, 1e6}},
      .make = [](const Parameters& parameters, std::uint64_t seed) -> std::unique_ptr<PhotonModel> {
        return std::make_unique<ArrivalTime>(parameters, seed);
      }};
}

}  // namespace lightseed::simulated

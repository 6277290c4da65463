// SPDX-License-Identifier: Apache-2.0
#include "driver/simulated/which_path/which_path.h"

#include <algorithm>
#include <cmath>

#include "driver/simulated/which_path/model.h"

namespace lightseed::simulated {
namespace {

constexpr double gates_a_second = 1e7;
constexpr std::uint64_t silent_gates = 1'000'000;  // gates simulated one by one without a bit: the source is silent

class WhichPath final : public PhotonModel {
 public:
  explicit WhichPath(const Parameters& p)
      : model_{.photons = p["photons"],
               .split = p["split"],
               .efficiency = {p["eta0"], p["eta1"]},
               .dark = p["dark"],
               .dead = p.whole("dead"),
               .dead_both = p.word("blocks") == "both",
               .afterpulse = p["afterpulse"],
               .afterpulse_gates = p["afterpulse_gates"]},
        numbers_(model_.numbers()) {
    if (!(numbers_.bits_a_gate > 1e-9))
      p.refuse("photons", "so little light never makes a bit; expected more than 1e-9 bits a gate");
  }

  [[nodiscard]] SampleFormat format() const override { return {.bits = 1, .container_bits = 1}; }

  [[nodiscard]] Analytic analytic() const override {
    return {
        .entropy = {.marginal = numbers_.marginal,
                    .average_conditional = numbers_.average_conditional,
                    .worst_case_conditional = numbers_.worst_conditional,
                    .rate = numbers_.bits_a_gate * gates_a_second,
                    .side_information = "the detectors' states before each gate (dead gates left, trapped "
                                        "carriers), every dark count and afterpulse, and all samples before"},
        .claim = std::min(numbers_.average_conditional, numbers_.run_conditional),
        .method =
            "average conditional min-entropy of a bit given the detectors' states, over their stationary law, or "
            "that of a long run of bits, where less (Markov chain; Frauchiger, Renner and Troyer, arXiv:1311.4547, for "
            "the framework)",
        .assumptions = {"against side information for which the model holds: detector states and counts known to "
                        "the adversary",
                        "photon numbers are Poisson, and the splitter sends each photon by itself",
                        "a bit whose gate holds a dark count or an afterpulse is known", "double clicks yield no bit",
                        "who guesses a bit does not see when later bits come"}};
  }

  [[nodiscard]] std::vector<std::vector<double>> laws() const override {
    if (!model_.memoryless()) return {};
    return {{1 - numbers_.one, numbers_.one}};
  }

  [[nodiscard]] std::optional<double> optical_power(const Strengths& faults) const override {
    return (1 - faults[led_off]) * (1 + faults[power_drift]);
  }

  void restart(Dice&) override {
    dead_ = {0, 0};
    trapped_ = {false, false};
  }

  std::size_t draw(Dice& dice, const Strengths& faults, std::span<std::uint16_t> codes,
                   std::span<Trace> traces) override {
    const Moment moment = under(faults);
    for (std::size_t i = 0; i < codes.size(); ++i) {
      Trace trace;
      if (!next_bit(dice, moment, codes[i], trace)) return i;
      if (!traces.empty()) traces[i] = trace;
    }
    return codes.size();
  }

 private:
  enum Fault : std::size_t {
    led_off,
    power_drift,
    light_leak,
    blinding,
    hv_loss,
    eff_mismatch_drift,
    dark_rise,
    afterpulse_rise,
    dead_time_change,
    crosstalk
  };

  /// The model's numbers while faults are at a certain strength.
  struct Moment {
    std::array<double, 2> photon;  ///< probability of at least one detected photon
    double dark;
    double release;
    double trap;
    unsigned dead;
    double blinded;
    double crosstalk;
  };
  struct Clicks {
    std::array<bool, 2> click{};
    std::array<bool, 2> known{};
    Cause cause = Cause::photon;
  };

  WhichPathModel model_;
  WhichPathModel::Numbers numbers_;
  std::array<unsigned, 2> dead_{};
  std::array<bool, 2> trapped_{};

  [[nodiscard]] Moment under(const Strengths& faults) const {
    WhichPathModel now = model_;
    now.photons *= (1 - faults[led_off]) * (1 + faults[power_drift]);
    now.efficiency[0] *= 1 - faults[hv_loss];
    now.efficiency[1] *= 1 + faults[eff_mismatch_drift];
    now.dark = model_.dark * (1 + faults[dark_rise]) + faults[light_leak];
    const auto some = [](double mean) { return -std::expm1(-mean); };
    return {.photon = {some(now.mean(0)), some(now.mean(1))},
            .dark = some(now.dark),
            .release = now.release(),
            .trap = std::min(1.0, model_.afterpulse + faults[afterpulse_rise]),
            .dead = model_.dead + static_cast<unsigned>(faults[dead_time_change]),
            .blinded = faults[blinding],
            .crosstalk = faults[crosstalk]};
  }

  bool next_bit(Dice& dice, const Moment& m, std::uint16_t& bit, Trace& trace) {
    for (std::uint64_t gate = 0; gate < silent_gates; ++gate) {
      const bool idle = dead_[0] == 0 && dead_[1] == 0 && !trapped_[0] && !trapped_[1] && m.blinded <= 0;
      Clicks clicks;
      trace.classical = static_cast<double>(dead_[0]) - static_cast<double>(dead_[1]);
      const std::uint16_t likely = likelier(m);
      if (idle) {
        if (!skip_to_click(dice, m, clicks)) return false;
      } else {
        one_gate(dice, m, clicks);
      }
      cross(dice, m, clicks);
      settle(dice, m, clicks);
      if (clicks.click[0] == clicks.click[1]) continue;
      bit = clicks.click[1] ? 1 : 0;
      trace.cause = clicks.cause;
      trace.guess = clicks.known[0] || clicks.known[1] ? bit : likely;
      return true;
    }
    return false;
  }

  [[nodiscard]] std::uint16_t likelier(const Moment& m) const noexcept {
    const double p0 = dead_[0] > 0 ? 0 : m.photon[0];
    const double p1 = dead_[1] > 0 ? 0 : m.photon[1];
    return p1 * (1 - p0) > p0 * (1 - p1) ? 1 : 0;
  }

  /// Both detectors wait for light or a dark count: gates without a click are skipped at once.
  static bool skip_to_click(Dice& dice, const Moment& m, Clicks& clicks) {
    const double p0 = 1 - (1 - m.photon[0]) * (1 - m.dark);
    const double p1 = 1 - (1 - m.photon[1]) * (1 - m.dark);
    const double any = 1 - (1 - p0) * (1 - p1);
    if (!(any > 0)) return false;
    (void)dice.failures(any);  // their number is nobody's sample
    const double which = dice.unit() * any;
    clicks.click[0] = which < p0;
    clicks.click[1] = which < p0 * p1 || which >= p0;
    for (std::size_t k = 0; k < 2; ++k) {
      const double p = k == 0 ? p0 : p1;
      clicks.known[k] = clicks.click[k] && dice.chance(m.dark / p);
      if (clicks.known[k]) clicks.cause = Cause::dark;
    }
    return true;
  }

  void one_gate(Dice& dice, const Moment& m, Clicks& clicks) {
    for (std::size_t k = 0; k < 2; ++k) {
      if (k == 0 && m.blinded > 0 && dice.chance(m.blinded)) {
        clicks.click[0] = clicks.known[0] = true;
        clicks.cause = Cause::fault;
        continue;
      }
      if (dead_[k] > 0) continue;
      const bool released = trapped_[k] && dice.chance(m.release);
      if (released) trapped_[k] = false;
      const bool dark = dice.chance(m.dark);
      clicks.known[k] = released || dark;
      clicks.click[k] = clicks.known[k] || dice.chance(m.photon[k]);
      if (clicks.known[k]) clicks.cause = released ? Cause::afterpulse : Cause::dark;
    }
  }

  static void cross(Dice& dice, const Moment& m, Clicks& clicks) {
    if (m.crosstalk <= 0 || clicks.click[0] == clicks.click[1] || !dice.chance(m.crosstalk)) return;
    clicks.click = {true, true};
    clicks.cause = Cause::crosstalk;
  }

  void settle(Dice& dice, const Moment& m, const Clicks& clicks) {
    const bool any = clicks.click[0] || clicks.click[1];
    for (std::size_t k = 0; k < 2; ++k) {
      const bool blocked = clicks.click[k] || (model_.dead_both && any);
      dead_[k] = blocked ? m.dead : dead_[k] - (dead_[k] > 0 ? 1U : 0U);
      if (clicks.click[k] && !trapped_[k] && m.trap > 0) trapped_[k] = dice.chance(m.trap);
    }
  }
};

}  // namespace

ModelKind which_path_kind() {
  return {.name = "sim:which-path",
          .summary = "single photons at a beam splitter, two gated detectors",
          .parameters = {{"photons", "mean photons a gate before the splitter", 0.2, 0, 20},
                         {"split", "share of the light that goes to detector 0", 0.5, 0.01, 0.99},
                         {"eta0", "efficiency of detector 0", 0.20, 0, 1},
                         {"eta1", "efficiency of detector 1", 0.21, 0, 1},
                         {"dark", "mean dark counts a gate and detector", 1e-5, 0, 1},
                         {"dead", "dead gates after a click", 0, 0, 32, true},
                         {"blocks", "what a click blocks: its own detector or both", 0, 0, 0, false, {"own", "both"}},
                         {"afterpulse", "probability that a click traps a carrier", 0.017, 0, 1},
                         {"afterpulse_gates", "mean delay of an afterpulse, in gates", 1, 0.01, 100}},
          .faults = {{"led_off", "source", "`size` of the light is lost", 1, 0, 1},
                     {"power_drift", "source", "the light grows by `size` times", 0.5, -1, 100},
                     {"light_leak", "source", "`size` counts a gate from outside", 0.05, 0, 10},
                     {"blinding", "detector", "detector 0 latches: it clicks in `size` of all gates", 1, 0, 1},
                     {"hv_loss", "detector", "detector 0 loses `size` of its efficiency", 1, 0, 1},
                     {"eff_mismatch_drift", "detector", "detector 1's efficiency grows by `size` times", 0.2, -1, 3},
                     {"dark_rise", "detector", "dark counts grow by `size` times", 1000, 0, 100000},
                     {"afterpulse_rise", "detector", "`size` is added to the afterpulse probability", 0.2, 0, 1},
                     {"dead_time_change", "detector", "`size` more dead gates", 10, 0, 1000},
                     {"crosstalk", "detector", "a click sets off the other detector with probability `size`", 0.5, 0,
                      0.999}},
          .make = [](const Parameters& parameters, std::uint64_t) -> std::unique_ptr<PhotonModel> {
            return std::make_unique<WhichPath>(parameters);
          }};
}

}  // namespace lightseed::simulated

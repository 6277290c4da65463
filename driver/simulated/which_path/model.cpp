// SPDX-License-Identifier: Apache-2.0
#include "driver/simulated/which_path/model.h"

#include <algorithm>
#include <cmath>
#include <cstddef>

#include "driver/simulated/frame/converter.h"

namespace lightseed::simulated {
namespace {

struct Detector {
  unsigned dead = 0;
  bool trapped = false;
};

/// What one detector may do in one gate.
struct Outcome {
  double p;
  bool click;
  bool known;  ///< a dark count or an afterpulse took part
  bool trapped_after;
};

std::vector<Outcome> outcomes_of(const WhichPathModel& model, std::size_t number, const Detector& detector) {
  if (detector.dead > 0) return {{1, false, false, detector.trapped}};
  const double photon = -std::expm1(-model.mean(number));
  const double dark = -std::expm1(-model.dark);
  const double release = detector.trapped ? model.release() : 0;
  const double by_chance = 1 - (1 - dark) * (1 - release);
  std::vector<Outcome> all{{(1 - by_chance) * (1 - photon), false, false, detector.trapped}};
  const auto click = [&](double p, bool known, bool trapped) {
    // A trap that is full stays so; an empty one is filled with probability p_a.
    const double full = trapped ? 1 : model.afterpulse;
    if (p * full > 0) all.push_back({p * full, true, known, true});
    if (p * (1 - full) > 0) all.push_back({p * (1 - full), true, known, false});
  };
  click((1 - by_chance) * photon, false, detector.trapped);
  click(release, true, false);
  click((1 - release) * dark, true, detector.trapped);
  return all;
}

struct Move {
  double p;
  std::size_t to;
};

/// What the adversary's guess is worth in one state: he is told the known bits, and names the likelier of light's.
struct Bits {
  std::array<double, 2> light{};            ///< Q_0, Q_1
  std::array<double, 2> known{};            ///< known bits 0 and 1; C is their sum
  std::vector<Move> named;                  ///< moves of known bits
  std::array<std::vector<Move>, 2> open{};  ///< moves of light's bits 0 and 1
};

/// The chain of the detectors' states, gate by gate.
class Chain {
 public:
  explicit Chain(const WhichPathModel& model)
      : side_(model.dead + 1), moves_(4 * side_ * side_), none_(moves_.size()), bits_(moves_.size()) {
    for (unsigned dead0 = 0; dead0 < side_; ++dead0) {
      for (unsigned dead1 = 0; dead1 < side_; ++dead1) {
        for (unsigned traps = 0; traps < 4; ++traps)
          add_state(model, {dead0, (traps & 1) != 0}, {dead1, (traps & 2) != 0});
      }
    }
  }

  [[nodiscard]] const std::vector<Bits>& bits() const noexcept { return bits_; }

  /// Of a number v for each state, what one gate leads to: over the moves without a bit, and over those of bits that
  /// the adversary names as v advises.
  struct Step {
    std::vector<double> none;
    std::vector<double> bit;
  };
  [[nodiscard]] Step step(const std::vector<double>& v) const {
    const auto sum = [&](const std::vector<Move>& moves) {
      double all = 0;
      for (const Move& move : moves)
        all += move.p * v[move.to];
      return all;
    };
    Step next;
    for (std::size_t s = 0; s < moves_.size(); ++s) {
      const Bits& bits = bits_[s];
      next.none.push_back(sum(none_[s]));
      next.bit.push_back(sum(bits.named) + std::max(sum(bits.open[0]), sum(bits.open[1])));
    }
    return next;
  }

  /// By repeated steps: every state leads to "both live, nothing trapped" within a few gates.
  [[nodiscard]] std::vector<double> stationary() const {
    std::vector<double> law(moves_.size(), 0.0);
    law[0] = 1;
    std::vector<double> next(law.size());
    for (int step = 0; step < 20'000; ++step) {
      std::fill(next.begin(), next.end(), 0.0);
      for (std::size_t s = 0; s < law.size(); ++s) {
        if (law[s] <= 0) continue;
        for (const Move& move : moves_[s])
          next[move.to] += law[s] * move.p;
      }
      double change = 0;
      for (std::size_t s = 0; s < law.size(); ++s)
        change += std::abs(next[s] - law[s]);
      law.swap(next);
      if (change < 1e-13) break;
    }
    return law;
  }

 private:
  std::size_t side_;
  std::vector<std::vector<Move>> moves_;  ///< of each state
  std::vector<std::vector<Move>> none_;   ///< those without a bit
  std::vector<Bits> bits_;

  [[nodiscard]] std::size_t index(const Detector& a, const Detector& b) const noexcept {
    return ((a.dead * side_ + b.dead) * 2 + (a.trapped ? 1U : 0U)) * 2 + (b.trapped ? 1U : 0U);
  }

  void add_state(const WhichPathModel& model, const Detector& a, const Detector& b) {
    const std::size_t s = index(a, b);
    const auto after = [&](const Detector& before, const Outcome& outcome, bool other_clicks) {
      const bool blocked = outcome.click || (model.dead_both && other_clicks);
      return Detector{blocked ? model.dead : before.dead - (before.dead > 0 ? 1U : 0U), outcome.trapped_after};
    };
    for (const Outcome& x : outcomes_of(model, 0, a)) {
      for (const Outcome& y : outcomes_of(model, 1, b)) {
        const Move move{x.p * y.p, index(after(a, x, y.click), after(b, y, x.click))};
        moves_[s].push_back(move);
        if (x.click == y.click) {
          none_[s].push_back(move);
          continue;
        }
        const bool known = x.known || y.known;
        const std::size_t bit = y.click ? 1 : 0;
        (known ? bits_[s].known : bits_[s].light)[bit] += move.p;
        (known ? bits_[s].named : bits_[s].open[bit]).push_back(move);
      }
    }
  }
};

/// The rate at which the probability falls that an adversary names a whole run of bits: the least r with
/// v >= none + bit / r in every state for some v (Collatz and Wielandt), so that every v gives a bound. Known bits that
/// come in bursts, and states in which bits are easy to name and lead to others of the kind, make it larger than the
/// average.
double run_guess(const Chain& chain, double average) {
  std::vector<double> v(chain.bits().size(), 1.0);
  double rate = average;
  double bound = 1;
  for (int round = 0; round < 5000; ++round) {
    const Chain::Step next = chain.step(v);
    double here = 0;
    double off = 0;  // how far v is from its limit
    for (std::size_t s = 0; s < v.size(); ++s) {
      if (next.bit[s] > 0) here = std::max(here, next.bit[s] / (v[s] - next.none[s]));
      if (next.bit[s] > 0 && v[s] <= next.none[s]) here = 1;
      if (next.bit[s] <= 0 && v[s] < next.none[s] * (1 - 1e-12)) here = 1;
      off = std::max(off, std::abs((next.none[s] + next.bit[s] / rate) / v[s] - 1));
    }
    bound = std::min(bound, here);
    if (off < 1e-13) break;
    for (std::size_t s = 0; s < v.size(); ++s)
      v[s] = next.none[s] + next.bit[s] / rate;
    const double largest = *std::max_element(v.begin(), v.end());
    for (double& x : v)
      x /= largest;
    rate = std::clamp(bound, average / 2, 1.0);
  }
  return bound;
}

}  // namespace

double WhichPathModel::mean(std::size_t detector) const noexcept {
  return photons * (detector == 0 ? split : 1 - split) * efficiency[detector];
}

double WhichPathModel::release() const noexcept {
  return -std::expm1(-1 / afterpulse_gates);
}

WhichPathModel::Numbers WhichPathModel::numbers() const {
  const Chain chain(*this);
  const auto law = chain.stationary();
  double guess = 0;
  double valid = 0;
  double ones = 0;
  double worst = 0;
  for (std::size_t s = 0; s < law.size(); ++s) {
    const auto& bits = chain.bits()[s];
    const double known = bits.known[0] + bits.known[1];
    const double here = known + std::max(bits.light[0], bits.light[1]);
    const double any = known + bits.light[0] + bits.light[1];
    guess += law[s] * here;
    valid += law[s] * any;
    ones += law[s] * (bits.known[1] + bits.light[1]);
    if (law[s] > 0 && any > 0) worst = std::max(worst, here / any);
  }
  const double one = ones / valid;
  const double run = memoryless() ? guess / valid : run_guess(chain, guess / valid);
  return {bits_of(std::max(one, 1 - one)), bits_of(guess / valid), bits_of(worst), bits_of(run), valid, one};
}

}  // namespace lightseed::simulated

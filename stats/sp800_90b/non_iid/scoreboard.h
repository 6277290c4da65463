// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <array>
#include <bit>
#include <cstdint>
#include <span>

#include "stats/sp800_90b/non_iid/outcomes.h"

namespace lightseed::sp800_90b {

/// The contest among `Size` sub-predictors that 6.3.7–6.3.9 share.
///
/// At each step the winner so far predicts; then every sub-predictor that was right scores, in ascending order,
/// and takes the lead when its score is not below the leader's. The leader therefore always has the highest
/// score, and who trails it by d cannot take the lead in the next d - 1 steps: almost every block of steps is settled
/// by counting bits. In a close race the contenders' next steps are, as many as are safe; only where one of them is
/// about to draw level is it walked through step by step.
template <std::size_t Size>
class Scoreboard {
 public:
  using Words = std::array<std::uint64_t, Size>;  ///< one bit a step for each sub-predictor, the first step lowest

  /// `steps` (1–64) steps. `right`: the sub-predictor was right; bits above the steps are zero.
  void add(const Words& right, unsigned steps) noexcept {
    if (calm_ > 0) {
      --calm_;
      outcomes_.add(right[winner_], steps);
      count(right);
      return;
    }
    add(right, steps, nullptr);
  }

  /// The same where a sub-predictor may have made no prediction (`made` bit zero): if the winner made none,
  /// the step is no outcome at all, neither right nor wrong.
  void add(const Words& right, const Words& made, unsigned steps) noexcept { add(right, steps, &made); }

  [[nodiscard]] const Outcomes& outcomes() const noexcept { return outcomes_; }

 private:
  std::array<std::uint64_t, Size> scores_{};
  std::size_t winner_ = 0;
  std::uint64_t calm_ = 0;  ///< further blocks in which nobody can catch up with the winner
  Outcomes outcomes_;

  void count(const Words& right) noexcept {
    for (std::size_t i = 0; i < Size; ++i)
      scores_[i] += static_cast<std::uint64_t>(std::popcount(right[i]));
  }

  void add(const Words& right, unsigned steps, const Words* made) noexcept {
    const std::uint64_t best = scores_[winner_];
    std::array<std::size_t, Size> contenders;
    std::size_t rivals = 0;
    std::uint64_t gap = UINT64_MAX;
    for (std::size_t i = 0; i < Size; ++i) {
      if (i == winner_ || best - scores_[i] <= 64) {
        contenders[rivals++] = i;
      } else {
        gap = std::min(gap, best - scores_[i]);
      }
    }
    if (rivals == 1) {
      calm_ = gap == UINT64_MAX ? 0 : (gap - 1) / 64 - 1;
      note(right, made, 0, steps);
      count(right);
      return;
    }
    race({contenders.data(), rivals}, right, steps, made);
    std::size_t k = 0;
    for (std::size_t i = 0; i < Size; ++i) {
      if (k < rivals && contenders[k] == i) {
        ++k;
      } else {
        scores_[i] += static_cast<std::uint64_t>(std::popcount(right[i]));
      }
    }
  }

  /// The winner and everybody who could take the lead within the steps, in ascending order.
  void race(std::span<const std::size_t> contenders, const Words& right, unsigned steps, const Words* made) noexcept {
    constexpr unsigned walked = 4;  // before the distances are looked at again
    for (unsigned step = 0; step < steps;) {
      std::uint64_t gap = UINT64_MAX;
      for (const std::size_t i : contenders)
        if (i != winner_) gap = std::min(gap, scores_[winner_] - scores_[i]);
      if (gap > walked) {
        const auto safe = static_cast<unsigned>(std::min<std::uint64_t>(gap - 1, steps - step));
        note(right, made, step, safe);
        for (const std::size_t i : contenders)
          scores_[i] += static_cast<std::uint64_t>(std::popcount(cut(right[i], step, safe)));
        step += safe;
        continue;
      }
      for (const unsigned end = std::min(step + walked, steps); step < end; ++step) {
        note(right, made, step, 1);
        for (const std::size_t i : contenders) {
          scores_[i] += right[i] >> step & 1;
          // Equal scores pass the lead on only to somebody who just scored.
          if ((right[i] >> step & 1) != 0 && scores_[i] >= scores_[winner_]) winner_ = i;
        }
      }
    }
  }

  /// `steps` (1-64) bits from `first` on.
  static std::uint64_t cut(std::uint64_t word, unsigned first, unsigned steps) noexcept {
    return word >> first & ~std::uint64_t{0} >> (64 - steps);
  }

  /// Outcomes of steps that do not change the winner.
  void note(const Words& right, const Words* made, unsigned first, unsigned steps) noexcept {
    const std::uint64_t hits = cut(right[winner_], first, steps);
    const std::uint64_t all = ~std::uint64_t{0} >> (64 - steps);
    const std::uint64_t counts = made == nullptr ? all : cut((*made)[winner_], first, steps);
    if (counts == all) return outcomes_.add(hits, steps);
    for (unsigned step = 0; step < steps; ++step)
      if ((counts >> step & 1) != 0) outcomes_.add((hits >> step & 1) != 0);
  }
};

}  // namespace lightseed::sp800_90b

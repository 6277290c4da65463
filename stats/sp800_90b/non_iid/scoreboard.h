// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <array>
#include <bit>
#include <cstdint>

#include "stats/sp800_90b/non_iid/outcomes.h"

namespace lightseed::sp800_90b {

/// The contest among `Size` sub-predictors that 6.3.7–6.3.9 share.
///
/// At each step the winner so far predicts; then every sub-predictor that was right scores, in ascending order,
/// and takes the lead when its score is not below the leader's. The leader therefore always has the highest
/// score, and who trails by more than 64 cannot take the lead within 64 steps: almost every block of steps is
/// settled by counting bits, and only the contenders of a close race are walked through step by step.
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
      const std::uint64_t all = ~std::uint64_t{0} >> (64 - steps);
      if (made == nullptr || ((*made)[winner_] & all) == all) {
        outcomes_.add(right[winner_], steps);
      } else {
        for (unsigned step = 0; step < steps; ++step)
          note(right, made, step);
      }
      count(right);
      return;
    }
    for (unsigned step = 0; step < steps; ++step) {
      note(right, made, step);
      for (std::size_t k = 0; k < rivals; ++k) {
        const std::size_t i = contenders[k];
        scores_[i] += right[i] >> step & 1;
        // Equal scores pass the lead on only to somebody who just scored.
        if ((right[i] >> step & 1) != 0 && scores_[i] >= scores_[winner_]) winner_ = i;
      }
    }
    std::size_t k = 0;
    for (std::size_t i = 0; i < Size; ++i) {
      if (k < rivals && contenders[k] == i) {
        ++k;
      } else {
        scores_[i] += static_cast<std::uint64_t>(std::popcount(right[i]));
      }
    }
  }

  void note(const Words& right, const Words* made, unsigned step) noexcept {
    if (made == nullptr || ((*made)[winner_] >> step & 1) != 0) outcomes_.add((right[winner_] >> step & 1) != 0);
  }
};

}  // namespace lightseed::sp800_90b

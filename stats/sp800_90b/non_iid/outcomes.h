// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <bit>
#include <cstdint>

namespace lightseed::sp800_90b {

/// Counts right predictions and the longest run of them, 64 steps at a time.
class Outcomes {
 public:
  /// `steps` (1–64) outcomes, the first in the lowest bit; bits above are zero.
  void add(std::uint64_t right, unsigned steps) noexcept {
    const auto ones = static_cast<unsigned>(std::popcount(right));
    correct_ += ones;
    if (ones == steps) {
      run_ += steps;
      longest_ = std::max(longest_, run_);
      return;
    }
    longest_ = std::max(longest_, run_ + static_cast<unsigned>(std::countr_one(right)));
    if (ones > longest_) look_inside(right);
    run_ = static_cast<unsigned>(std::countl_one(right << (64 - steps)));
  }

  /// One outcome.
  void add(bool right) noexcept {
    correct_ += right ? 1 : 0;
    run_ = right ? run_ + 1 : 0;
    longest_ = std::max(longest_, run_);
  }

  [[nodiscard]] std::uint64_t correct() const noexcept { return correct_; }
  [[nodiscard]] std::uint64_t longest() const noexcept { return longest_; }

 private:
  std::uint64_t correct_ = 0;
  std::uint64_t run_ = 0;  ///< length of the run that is still open
  std::uint64_t longest_ = 0;

  /// A run inside one word that beats the longest so far.
  void look_inside(std::uint64_t right) noexcept {
    std::uint64_t length = 0;
    for (; right != 0; right &= right << 1)
      ++length;
    longest_ = std::max(longest_, length);
  }
};

}  // namespace lightseed::sp800_90b

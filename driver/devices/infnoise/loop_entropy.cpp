// SPDX-License-Identifier: Apache-2.0
#include "driver/devices/infnoise/loop_entropy.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace lightseed::infnoise {
namespace {

constexpr unsigned order = 14, short_order = 6;
constexpr double prior = 16;                    ///< observations that the short prediction counts for
constexpr std::uint16_t most_counts = 1 << 14;  ///< then both counts of a context are halved

void count(std::array<std::uint16_t, 2>& counts, unsigned bit) {
  if (++counts[bit] < most_counts) return;
  counts[0] = static_cast<std::uint16_t>(counts[0] / 2);
  counts[1] = static_cast<std::uint16_t>(counts[1] / 2);
}

}  // namespace

double expected_entropy() noexcept {
  return std::log2(LoopEntropy::gain) + LoopEntropy::excess;
}

bool is_expected(double entropy) noexcept {
  const double expected = expected_entropy();
  return entropy * LoopEntropy::tolerance >= expected && entropy <= expected * LoopEntropy::tolerance;
}

double gain_of(double entropy) noexcept {
  return std::exp2(entropy - LoopEntropy::excess);
}

LoopEntropy::LoopEntropy() : long_(2U << order), short_(2U << short_order) {}

double LoopEntropy::observe(unsigned phase, bool bit) {
  run_ = bit == last_ ? run_ + 1 : 1;
  last_ = bit;
  worst_run_ = std::max(worst_run_, run_);
  Counts& few = short_[phase << short_order | (history_ & ((1U << short_order) - 1))];
  Counts& many = long_[phase << order | history_];
  const unsigned which = bit ? 1 : 0;
  const double rough = (few[which] + 0.5) / (few[0] + few[1] + 1.0);
  const double p = (many[which] + prior * rough) / (many[0] + many[1] + prior);
  count(few, which);
  count(many, which);
  history_ = (history_ << 1U | which) & ((1U << order) - 1);
  const double surprise = -std::log2(p);
  surprise_ += surprise;
  weight_ += 1;
  ++bits_;
  return surprise;
}

bool LoopEntropy::age() noexcept {
  if (weight_ < 2 * static_cast<double>(warm_up_bits)) return false;
  surprise_ /= 2;
  weight_ /= 2;
  return true;
}

std::optional<std::string> LoopEntropy::run_fault() const {
  if (worst_run_ <= longest_run) return std::nullopt;
  return fmt::format("{} equal bits in a row; at most {} can be", worst_run_, longest_run);
}

std::optional<std::string> LoopEntropy::gain_fault() const {
  if (!warm() || is_expected(entropy())) return std::nullopt;
  return fmt::format("its loop has a gain of {:.3f} instead of {} ({:.4f} bits of entropy a bit instead of {:.4f})",
                     gain_of(entropy()), gain, entropy(), expected_entropy());
}

}  // namespace lightseed::infnoise

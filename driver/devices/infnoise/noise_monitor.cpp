#include "driver/devices/infnoise/noise_monitor.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace lightseed::infnoise {
namespace {

constexpr std::array<std::byte, 2> comparator{std::byte{0x02}, std::byte{0x10}};  ///< by phase

constexpr unsigned order = 14, short_order = 6;
constexpr double prior = 16;                    ///< observations that the short prediction counts for
constexpr std::uint16_t most_counts = 1 << 14;  ///< then both counts of a context are halved

const double expected = std::log2(NoiseMonitor::gain) + NoiseMonitor::excess;

bool bit_of(std::byte sample, unsigned phase) {
  return (sample & comparator[phase]) != std::byte{};
}

void count(std::array<std::uint16_t, 2>& counts, bool bit) {
  if (++counts[bit ? 1 : 0] < most_counts) return;
  counts[0] = static_cast<std::uint16_t>(counts[0] / 2);
  counts[1] = static_cast<std::uint16_t>(counts[1] / 2);
}

}  // namespace

void raw_bits(std::span<const std::byte> samples, std::span<std::byte> out) {
  for (std::size_t i = 0; i < out.size(); ++i) {
    unsigned byte = 0;
    for (unsigned j = 0; j < 8; ++j)
      byte = byte << 1U | (bit_of(samples[8 * i + j], j % 2) ? 1U : 0U);
    out[i] = static_cast<std::byte>(byte);
  }
}

NoiseMonitor::NoiseMonitor() : long_(2U << order), short_(2U << short_order) {}

double NoiseMonitor::predict_and_learn(unsigned phase, bool bit) {
  Counts& few = short_[phase << short_order | (history_ & ((1U << short_order) - 1))];
  Counts& many = long_[phase << order | history_];
  const unsigned which = bit ? 1 : 0;
  const double rough = (few[which] + 0.5) / (few[0] + few[1] + 1.0);
  const double p = (many[which] + prior * rough) / (many[0] + many[1] + prior);
  count(few, bit);
  count(many, bit);
  history_ = (history_ << 1U | which) & ((1U << order) - 1);
  return -std::log2(p);
}

bool NoiseMonitor::feed(std::span<const std::byte> samples) {
  double surprise = 0;
  unsigned misfires = 0;
  for (std::size_t j = 0; j < samples.size(); ++j) {
    const unsigned phase = j % 2;
    const bool bit = bit_of(samples[j], phase);
    // A comparator looks, shows itself in the sample after, and is read in the one after that, while the other looks:
    // the one that is read must not have moved since.
    if (last_sample_ && bit != bit_of(*last_sample_, phase)) ++misfires;
    last_sample_ = samples[j];
    run_ = bit == last_ ? run_ + 1 : 1;
    last_ = bit;
    worst_run_ = std::max(worst_run_, run_);
    surprise += predict_and_learn(phase, bit);
  }
  const auto count = static_cast<double>(samples.size());
  bits_ += samples.size();
  misfires_ += misfires;
  surprise_ += surprise;
  recent_misfires_ += misfires;
  weight_ += count;
  if (weight_ >= 2 * static_cast<double>(warm_up_bits)) {
    surprise_ /= 2;
    recent_misfires_ /= 2;
    weight_ /= 2;
  }
  return surprise * tolerance >= expected * count && misfires <= most_misfires * count;
}

std::optional<std::string> NoiseMonitor::fault() const {
  if (worst_run_ > longest_run)
    return fmt::format("{} equal bits in a row; at most {} can be", worst_run_, longest_run);
  if (!warm()) return std::nullopt;
  if (recent_misfires_ > most_misfires * weight_) {
    return fmt::format("its comparators moved out of turn in {:.1f} % of the samples",
                       100 * recent_misfires_ / weight_);
  }
  if (entropy() * tolerance < expected || entropy() > expected * tolerance) {
    return fmt::format("its loop has a gain of {:.3f} instead of {} ({:.4f} bits of entropy a bit instead of {:.4f})",
                       std::exp2(entropy() - excess), gain, entropy(), expected);
  }
  return std::nullopt;
}

Json NoiseMonitor::evidence() const {
  Json json{{"bits", bits_}, {"misfires", misfires_}, {"longest_run", worst_run_}};
  if (weight_ > 0) {
    json["entropy_per_bit"] = entropy();
    json["gain"] = std::exp2(entropy() - excess);
  }
  return json;
}

}  // namespace lightseed::infnoise

// SPDX-License-Identifier: Apache-2.0
#include "driver/devices/infnoise/noise_monitor.h"

#include <fmt/format.h>

#include <array>

namespace lightseed::infnoise {
namespace {

constexpr std::array<std::byte, 2> comparator{std::byte{0x02}, std::byte{0x10}};  ///< by phase

bool bit_of(std::byte sample, unsigned phase) {
  return (sample & comparator[phase]) != std::byte{};
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
    surprise += loop_.observe(phase, bit);
  }
  const auto count = static_cast<double>(samples.size());
  misfires_ += misfires;
  recent_misfires_ += misfires;
  if (loop_.age()) recent_misfires_ /= 2;
  return surprise * LoopEntropy::tolerance >= expected_entropy() * count && misfires <= most_misfires * count;
}

std::optional<std::string> NoiseMonitor::fault() const {
  if (auto run = loop_.run_fault()) return run;
  if (!warm()) return std::nullopt;
  if (recent_misfires_ > most_misfires * loop_.weight()) {
    return fmt::format("its comparators moved out of turn in {:.1f} % of the samples",
                       100 * recent_misfires_ / loop_.weight());
  }
  return loop_.gain_fault();
}

Json NoiseMonitor::evidence() const {
  Json json{{"bits", loop_.bits()}, {"misfires", misfires_}, {"longest_run", loop_.worst_run()}};
  if (loop_.weight() > 0) {
    json["entropy_per_bit"] = entropy();
    json["gain"] = gain_of(entropy());
  }
  return json;
}

}  // namespace lightseed::infnoise

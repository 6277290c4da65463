// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "core/clones.h"
#include "stats/health/block_monitor.h"
#include "stats/health/monitors/monitors.h"

namespace lightseed::health {
namespace {

/// Sixty-four counters as wide as the codes, emptied before they run over.
template <typename Code>
inline std::uint64_t count_ends(const Code* samples, std::size_t count, Code top) {
  constexpr std::size_t lanes = 64;
  constexpr std::size_t stretch = 120 * lanes;
  std::uint64_t ends = 0;
  std::size_t i = 0;
  while (i + lanes <= count) {
    const std::size_t end = std::min(count / lanes * lanes, i + stretch);
    Code sums[lanes] = {};
    for (; i < end; i += lanes) {
      for (std::size_t j = 0; j < lanes; ++j)
        sums[j] = static_cast<Code>(sums[j] + (samples[i + j] == 0) + (samples[i + j] == top));
    }
    for (const Code sum : sums)
      ends += sum;
  }
  for (; i < count; ++i)
    ends += samples[i] == 0 || samples[i] == top ? 1U : 0U;
  return ends;
}

LIGHTSEED_CLONES("avx2")
std::uint64_t saturated_among(const std::uint8_t* samples, std::size_t count, std::uint8_t top) {
  return count_ends(samples, count, top);
}

LIGHTSEED_CLONES("avx2")
std::uint64_t saturated_among(const std::uint16_t* samples, std::size_t count, std::uint16_t top) {
  return count_ends(samples, count, top);
}

/// Codes that pile up at the ends of the converter: who makes them pile up names them.
class SaturationMonitor final : public BlockMonitor {
 public:
  SaturationMonitor(Settings settings, std::size_t top)
      : BlockMonitor(std::move(settings)), top_(static_cast<std::uint16_t>(top)) {}

 protected:
  void add(std::span<const std::uint8_t> samples) override {
    ends_ += saturated_among(samples.data(), samples.size(), static_cast<std::uint8_t>(top_));
  }
  void add(std::span<const std::uint16_t> samples) override {
    ends_ += saturated_among(samples.data(), samples.size(), top_);
  }
  double measure() override {
    const double share = static_cast<double>(ends_) / static_cast<double>(monitor_block);
    ends_ = 0;
    return share;
  }
  void forget() override { ends_ = 0; }

 private:
  std::uint16_t top_;
  std::uint64_t ends_ = 0;
};

}  // namespace

std::unique_ptr<HealthTest> saturation_monitor(const Reference& reference, double alpha_log2) {
  if (reference.law.size() < 3) return nullptr;  // two codes are all ends
  const Range range = share_range(reference, reference.law.front() + reference.law.back(), alpha_log2);
  return std::make_unique<SaturationMonitor>(BlockMonitor::Settings{.id = "model-saturation",
                                                                    .what = "the share of end codes",
                                                                    .low = 0,
                                                                    .high = range.high,
                                                                    .alpha_log2 = alpha_log2},
                                             reference.law.size() - 1);
}

}  // namespace lightseed::health

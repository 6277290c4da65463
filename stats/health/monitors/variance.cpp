// SPDX-License-Identifier: Apache-2.0
#include "stats/health/block_monitor.h"
#include "stats/health/monitors/moments.h"
#include "stats/health/monitors/monitors.h"

namespace lightseed::health {
namespace {

/// Light that fades takes its noise along.
class VarianceMonitor final : public BlockMonitor {
 public:
  VarianceMonitor(Settings settings, double centre) : BlockMonitor(std::move(settings)), centre_(centre) {}

 protected:
  void add(std::span<const std::uint8_t> samples) override { moments_.add(samples); }
  void add(std::span<const std::uint16_t> samples) override { moments_.add(samples); }
  double measure() override {
    const double variance = moments_.variance_about(centre_);
    moments_.clear();
    return variance;
  }
  void forget() override { moments_.clear(); }

 private:
  double centre_;
  Moments moments_;
};

}  // namespace

std::unique_ptr<HealthTest> variance_monitor(const Reference& reference, double alpha_log2) {
  if (reference.law.size() < 3) return nullptr;  // of two codes the mean says all
  const double centre = mean_of(reference);
  std::vector<double> squares(reference.law.size());
  for (std::size_t c = 0; c < squares.size(); ++c)
    squares[c] = (static_cast<double>(c) - centre) * (static_cast<double>(c) - centre);
  const Range range = block_range(reference, squares, alpha_log2);
  return std::make_unique<VarianceMonitor>(BlockMonitor::Settings{.id = "model-variance",
                                                                  .what = "the variance of the codes",
                                                                  .low = range.low,
                                                                  .high = range.high,
                                                                  .alpha_log2 = alpha_log2},
                                           centre);
}

}  // namespace lightseed::health

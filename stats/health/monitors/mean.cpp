// SPDX-License-Identifier: Apache-2.0
#include <numeric>

#include "stats/health/block_monitor.h"
#include "stats/health/monitors/moments.h"
#include "stats/health/monitors/monitors.h"

namespace lightseed::health {
namespace {

/// An offset costs conditional min-entropy that no count of codes shows; here it stands out by tens of deviations.
class MeanMonitor final : public BlockMonitor {
 public:
  using BlockMonitor::BlockMonitor;

 protected:
  void add(std::span<const std::uint8_t> samples) override { moments_.add(samples); }
  void add(std::span<const std::uint16_t> samples) override { moments_.add(samples); }
  double measure() override {
    const double mean = moments_.mean();
    moments_.clear();
    return mean;
  }
  void forget() override { moments_.clear(); }

 private:
  Moments moments_;
};

}  // namespace

std::unique_ptr<HealthTest> mean_monitor(const Reference& reference, double alpha_log2) {
  std::vector<double> codes(reference.law.size());
  std::iota(codes.begin(), codes.end(), 0.0);
  const Range range = block_range(reference, codes, alpha_log2);
  return std::make_unique<MeanMonitor>(BlockMonitor::Settings{.id = "model-mean",
                                                              .what = "the mean of the codes",
                                                              .low = range.low,
                                                              .high = range.high,
                                                              .alpha_log2 = alpha_log2});
}

}  // namespace lightseed::health

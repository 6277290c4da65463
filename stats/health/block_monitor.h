// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "stats/health/health_test.h"
#include "stats/health/reference.h"

namespace lightseed::health {

/// A monitor that makes one number of each block of 65,536 samples and wants it within two limits: all of
/// stats/health/monitors/ are of this kind.
///
/// The gate hands on samples in windows that are much shorter: what a monitor finds it finds after the fact, when up
/// to a block has passed. Total failures do not wait for it, they are the two tests' of SP 800-90B; and an alarm that
/// persists ends the run, so that nothing of it is used.
class BlockMonitor : public HealthTest {
 public:
  struct Settings {
    std::string id;
    std::string what;  ///< "the mean of the codes"
    double low = 0;
    double high = 0;
    double alpha_log2 = 0;  ///< of one block
  };

  explicit BlockMonitor(Settings settings) : settings_(std::move(settings)) {}

  [[nodiscard]] std::size_t window() const noexcept final { return 1; }
  /// One block is judged before anything is used.
  [[nodiscard]] std::size_t start_up_samples() const noexcept final { return monitor_block; }
  void restart() final;
  [[nodiscard]] std::optional<Failure> feed(const Samples& samples) final;
  /// Readings: `blocks` accepted, `low` and `high` the limits, and once there are blocks `lowest`, `highest`, `last`.
  [[nodiscard]] HealthTestRecord record() const final;

 protected:
  /// The next samples of the block in hand.
  virtual void add(std::span<const std::uint8_t> samples) = 0;
  virtual void add(std::span<const std::uint16_t> samples) = 0;
  /// The number of the block that is now whole; the next add() begins another one.
  virtual double measure() = 0;
  /// The next samples do not follow those before.
  virtual void forget() = 0;

 private:
  Settings settings_;
  std::size_t filled_ = 0;
  std::uint64_t blocks_ = 0;
  double lowest_ = 0, highest_ = 0, last_ = 0;

  std::optional<std::string> judge(double value);
};

}  // namespace lightseed::health

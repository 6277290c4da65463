// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <vector>

#include "stats/health/health_test.h"

namespace lightseed::health {

/// What a source is as well when it brings health tests for its own physics: a gate that is put in front of it runs
/// them on the samples it reads, beside those of SP 800-90B.
class Monitored {
 public:
  virtual ~Monitored() = default;
  /// Made afresh for each gate.
  [[nodiscard]] virtual std::vector<std::unique_ptr<HealthTest>> make_health_tests() = 0;

 protected:
  Monitored() = default;
  Monitored(const Monitored&) = default;
  Monitored& operator=(const Monitored&) = default;
};

}  // namespace lightseed::health

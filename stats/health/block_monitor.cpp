// SPDX-License-Identifier: Apache-2.0
#include "stats/health/block_monitor.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <variant>

namespace lightseed::health {

void BlockMonitor::restart() {
  filled_ = 0;
  forget();
}

std::optional<std::string> BlockMonitor::judge(double value) {
  // A number that is none is no good sign either.
  if (!(value >= settings_.low && value <= settings_.high)) {
    return fmt::format("{} is {:.6g} in {} samples, expected from {:.6g} to {:.6g}", settings_.what, value,
                       monitor_block, settings_.low, settings_.high);
  }
  lowest_ = blocks_ == 0 ? value : std::min(lowest_, value);
  highest_ = blocks_ == 0 ? value : std::max(highest_, value);
  last_ = value;
  ++blocks_;
  return std::nullopt;
}

std::optional<Failure> BlockMonitor::feed(const Samples& samples) {
  return std::visit(
      [this](auto rest) -> std::optional<Failure> {
        std::size_t done = 0;
        while (!rest.empty()) {
          const auto part = rest.first(std::min(rest.size(), monitor_block - filled_));
          add(part);
          rest = rest.subspan(part.size());
          done += part.size();
          filled_ += part.size();
          if (filled_ < monitor_block) break;
          filled_ = 0;
          if (auto words = judge(measure())) return Failure{done - 1, std::move(*words)};
        }
        return std::nullopt;
      },
      samples);
}

HealthTestRecord BlockMonitor::record() const {
  HealthTestRecord record{.id = settings_.id, .window = monitor_block, .alpha_log2 = settings_.alpha_log2};
  record.readings = {{"blocks", blocks_}, {"low", settings_.low}, {"high", settings_.high}};
  if (blocks_ > 0) {
    record.readings["lowest"] = lowest_;
    record.readings["highest"] = highest_;
    record.readings["last"] = last_;
  }
  return record;
}

}  // namespace lightseed::health

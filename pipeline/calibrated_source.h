// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <ctime>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "driver/modelled.h"
#include "driver/source.h"
#include "pipeline/calibration_file.h"
#include "pipeline/dark_look.h"
#include "stats/health/monitored.h"

namespace lightseed {

/// A source by its calibration: it claims what that says, and its monitors have the limits that it sets. All else is
/// the source's own. What it claims for itself never raises the claim: the lower of the two counts.
class CalibratedSource final : public Source, public Modelled, public health::Monitored, public DarkChecked {
 public:
  /// `dark_check`: samples that may be used between two looks in the dark, from 2^20 to 2^48; 0: there are none. Throws
  /// what require_calibration_of() throws, Error(usage) for a source that cannot be calibrated and an interval out of
  /// range, Error(refused) where a look in the dark would tell nothing.
  CalibratedSource(std::unique_ptr<Source> source, Calibration calibration, std::time_t now,
                   std::uint64_t dark_check = 0);

  [[nodiscard]] const SourceInfo& info() const noexcept override { return info_; }
  void start(const Patience& patience) override { source_->start(patience); }
  [[nodiscard]] Read read(std::span<std::byte> out, const Patience& patience) override {
    return source_->read(out, patience);
  }
  [[nodiscard]] Json status() override { return source_->status(); }
  void stop() noexcept override { source_->stop(); }
  [[nodiscard]] bool waits() const noexcept override { return source_->waits(); }

  [[nodiscard]] std::vector<std::unique_ptr<health::HealthTest>> make_health_tests() override;
  [[nodiscard]] std::optional<Order> dark_check() override;
  /// By the calibration.
  [[nodiscard]] std::optional<ModelLaw> law() const override;

 private:
  std::unique_ptr<Source> source_;
  Calibration calibration_;
  SourceInfo info_;
  std::optional<DarkCheckUse> dark_;
};

/// What is wrong with a source's claim by a calibration on record, for a run that began at `started`: it was not valid
/// then, the claim is higher, its monitors are not those at the gate, their limits are others, or looks in the dark are
/// said and not on record, or the other way round. Nothing for a claim without one, which has no such looks. `health`
/// is the record of the source's own gate. One sentence a fault.
std::vector<std::string> calibration_faults(const SourceInfo& source, const HealthRecord& health,
                                            const std::string& started);

/// The claim rests on a calibration.
bool is_calibrated(const SourceInfo& source);

}  // namespace lightseed

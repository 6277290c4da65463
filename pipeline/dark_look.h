// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/patience.h"
#include "driver/source.h"
#include "driver/switchable_light.h"
#include "evidence/health_record.h"
#include "stats/health/dark_check.h"

namespace lightseed {

/// What a source is as well when it wants to be looked at in the dark while it is used: one with a calibration, whose
/// light can be switched, by its user's choice.
class DarkChecked {
 public:
  struct Order {
    SwitchableLight* light;
    std::uint64_t every;  ///< samples that may be used between two looks
    health::DarkLaw law;
  };

  virtual ~DarkChecked() = default;
  /// Nothing: nobody wants it.
  [[nodiscard]] virtual std::optional<Order> dark_check() = 0;

 protected:
  DarkChecked() = default;
  DarkChecked(const DarkChecked&) = default;
  DarkChecked& operator=(const DarkChecked&) = default;
};

/// Looks at a source in the dark (stats/health/dark_check.h) and keeps count of what was used since. A look comes
/// before the first sample that is used, after at most `every` of them, and after the last: samples between two looks
/// that passed are samples of a source that knows its light from the dark.
///
/// Whoever reads the source asks for looks and does what follows from them. Samples of a look are judged and wiped.
class DarkLook {
 public:
  using Progress = std::function<void(std::string_view what, std::uint64_t samples, std::uint64_t wanted)>;

  /// Nothing where `source` wants none. `source` outlives it.
  static std::unique_ptr<DarkLook> of(Source& source);

  DarkLook(Source& source, const DarkChecked::Order& order);

  /// Samples that may still be used before the next look.
  [[nodiscard]] std::uint64_t left() const noexcept { return order_.every - used_; }
  void used(std::uint64_t samples) noexcept { used_ += samples; }

  /// What came of a look: `ok` when it passed; `alarm` when it did not, with the test's name; anything else as the
  /// source said, `restarted` among it: then the look has to be repeated. The light is as usual again.
  struct Seen {
    Read read;
    std::string test{};
  };
  [[nodiscard]] Seen look(const Patience& patience, const Progress& progress);

  /// A look has failed, and who watches goes on all the same.
  void forgive() noexcept { used_ = 0; }

  [[nodiscard]] std::vector<HealthTestRecord> records() const { return check_.records(); }

 private:
  Source& source_;
  DarkChecked::Order order_;
  health::DarkCheck check_;
  std::uint64_t used_ = 0;

  [[nodiscard]] Read fill(std::span<std::byte> out, const Patience& patience, const Progress& progress);
};

}  // namespace lightseed

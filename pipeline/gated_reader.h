// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <string>

#include "core/patience.h"
#include "driver/source.h"
#include "pipeline/dark_look.h"
#include "pipeline/gated_flow.h"
#include "stats/health/gate.h"

namespace lightseed {

/// One source behind one health gate: reads it piece by piece and has each piece judged as soon as it is whole windows.
///
/// What may happen to a running source, and what follows:
///   the gate raises an alarm         the block in hand is dropped, the start-up test repeated, the alarm on record;
///                                    when the alarms are more than chance allows (AlarmHistory), that is the end
///   the source was brought back      the same, with a recovery on record
///   the source raises its own alarm  the end: devices latch their own tests, and know themselves what is chance
///   nothing came for ten seconds     the end. Few bytes are not silence: a source may be as slow as it likes
///   it is gone, over or at fault     the end
///   a look in the dark fails         the end: what was used since the look before is worth nothing (DarkLook)
class GatedReader final : public GatedFlow {
 public:
  /// Cut-offs follow from the source's claim; its own health tests join in.
  GatedReader(Source& source, GateOptions options);

  [[nodiscard]] Read start(const Patience& patience) override;
  [[nodiscard]] Read read(std::span<std::byte> out, const Patience& patience) override;
  [[nodiscard]] Read finish(const Patience& patience) override;
  void stop() noexcept override { source_.stop(); }

  [[nodiscard]] std::size_t window_bytes() const noexcept override { return gate_.window_bytes(); }
  [[nodiscard]] GateRecord record() const override;

  [[nodiscard]] const SourceInfo& info() const noexcept { return source_.info(); }

 private:
  Source& source_;
  health::HealthGate gate_;
  GateOptions options_;
  std::unique_ptr<DarkLook> dark_;  ///< nothing: nobody wants looks in the dark

  /// Until a look has passed, or the end.
  Read look_in_the_dark(const Patience& patience);
  /// Of `wanted` bytes those that may come before the next look: whole windows; all where there are no looks.
  [[nodiscard]] std::size_t before_next_look(std::size_t wanted) const;
  Read read_until_end(std::span<std::byte> out, const Patience& patience);
  Read start_up(const Patience& patience);
  /// Fills `out`; a failure of the gate is reported as `alarm`, with the alarm latched.
  Read fill(std::span<std::byte> out, const Patience& patience, bool judge);
  Read drop(std::size_t judged, std::size_t filled, Read why);
  /// True when the stream may go on after another start-up test.
  bool survives(const Read& failure);
  [[nodiscard]] Read end(const Read& failure) const;
  void tell(const std::string& sentence) const;
};

}  // namespace lightseed

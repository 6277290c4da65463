// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <string_view>

#include "core/error.h"
#include "core/patience.h"
#include "driver/source.h"
#include "stats/health/gate.h"

namespace lightseed {

/// How a run wants its samples judged, and who hears of it.
struct GateOptions {
  double alpha_log2 = -30;  ///< false-alarm rate of SP 800-90B's tests (stats/health/false_alarms.h)
  /// "start-up test" or "samples", how many came of those wanted. Called for every piece, and once a second while a
  /// slow source delivers none.
  std::function<void(std::string_view what, std::uint64_t samples, std::uint64_t wanted)> progress{};
  /// A sentence worth a person's attention: an intermittent alarm, a recovery.
  std::function<void(const std::string&)> notice{};
};

/// One source behind one health gate: reads it piece by piece and has each piece judged as soon as it is whole windows.
///
/// What may happen to a running source, and what follows:
///   the gate raises an alarm         the block in hand is dropped, the start-up test repeated, the alarm on record;
///                                    when the alarms are more than chance allows (AlarmHistory), that is the end
///   the source was brought back      the same, with a recovery on record
///   the source raises its own alarm  the end: devices latch their own tests, and know themselves what is chance
///   nothing came for ten seconds     the end. Few bytes are not silence: a source may be as slow as it likes
///   it is gone, over or at fault     the end
class GatedReader {
 public:
  /// `claim` is the min-entropy the cut-offs are computed from, bits a sample; the source's own health tests join in.
  GatedReader(Source& source, double claim, GateOptions options);

  /// Starts the source and runs the start-up test, whose samples are thrown away. Throws what Source::start throws.
  /// The state is `ok`, or how it ended; the detail is then a whole sentence that names the source.
  [[nodiscard]] Read start(const Patience& patience);

  /// Fills `out`, a multiple of the gate's window, with admitted samples. The state is `ok`, or how the source ended;
  /// then `out` is wiped, and nothing more comes.
  [[nodiscard]] Read read(std::span<std::byte> out, const Patience& patience);

  void stop() noexcept { source_.stop(); }

  [[nodiscard]] Source& source() noexcept { return source_; }
  [[nodiscard]] const SourceInfo& info() const noexcept { return source_.info(); }
  [[nodiscard]] const health::HealthGate& gate() const noexcept { return gate_; }

 private:
  Source& source_;
  health::HealthGate gate_;
  GateOptions options_;

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

/// Why a stream that ended so is an error.
Category category_of(ReadState state) noexcept;

}  // namespace lightseed

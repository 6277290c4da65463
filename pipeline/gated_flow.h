// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "core/error.h"
#include "core/patience.h"
#include "driver/source.h"
#include "evidence/gate_record.h"

namespace lightseed {

/// How a run wants its samples judged, and who hears of it. Both functions are called on the thread that reads.
struct GateOptions {
  double alpha_log2 = -30;  ///< false-alarm rate of SP 800-90B's tests (stats/health/false_alarms.h)
  /// "start-up test" or "samples", how many came of those wanted. Called for every piece, and once a second while a
  /// slow source delivers none.
  std::function<void(std::string_view what, std::uint64_t samples, std::uint64_t wanted)> progress{};
  /// A sentence worth a person's attention: an intermittent alarm, a recovery, a member that left a pool.
  std::function<void(const std::string&)> notice{};
};

/// Admitted samples, wherever they come from: of one source (GatedReader), or of the members of a pool (GatedPool).
/// Every sample has passed exactly one gate, that of the source it is from.
class GatedFlow {
 public:
  virtual ~GatedFlow() = default;

  /// Once: starts the source or sources and runs the start-up test, whose samples are thrown away. The state is `ok`,
  /// or how it ended; the detail is then a whole sentence that names the source. Throws what Source::start throws.
  [[nodiscard]] virtual Read start(const Patience& patience) = 0;

  /// Fills `out`, a multiple of window_bytes(), with admitted samples. The state is `ok`, or how the flow ended; then
  /// `out` is wiped, and nothing more comes.
  [[nodiscard]] virtual Read read(std::span<std::byte> out, const Patience& patience) = 0;

  /// Nothing more is wanted: what is to be looked at after the last sample (pipeline/dark_look.h). The state is `ok`,
  /// or why the samples since the last look must not be used.
  [[nodiscard]] virtual Read finish(const Patience&) { return {}; }

  virtual void stop() noexcept = 0;

  [[nodiscard]] virtual std::size_t window_bytes() const noexcept = 0;
  [[nodiscard]] virtual GateRecord record() const = 0;

 protected:
  GatedFlow() = default;
  GatedFlow(const GatedFlow&) = default;
  GatedFlow& operator=(const GatedFlow&) = default;
};

/// Puts a gate in front of a source, or in front of each member of a pool. Cut-offs follow from each source's own
/// claim; throws Error(usage) where that is 0, since nothing can be judged by it. `source` must outlive the flow.
std::unique_ptr<GatedFlow> gated_flow(Source& source, const GateOptions& options);

/// Why a stream that ended so is an error.
Category category_of(ReadState state) noexcept;

}  // namespace lightseed

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>

#include "core/error.h"
#include "core/patience.h"
#include "driver/sidecar.h"
#include "driver/source.h"

namespace lightseed {

/// What a capture is asked for.
struct CapturePlan {
  std::uint64_t samples = 0;                            ///< of each row; 0: as many as come within `duration`
  std::uint64_t rows = 1;                               ///< the source is restarted for each (SP 800-90B 3.1.4.1)
  std::optional<std::chrono::milliseconds> duration{};  ///< from the first start; nothing: however long it takes
};

/// What came of it.
struct Captured {
  Sidecar sidecar;  ///< all but its date
  /// Why there are fewer samples than were asked for; sidecar.ended_early says it in words.
  std::optional<Category> ended{};
};

/// Records raw samples, untested and unextracted, and keeps what has come whatever happens then: hours of a slow device
/// are worth keeping when somebody presses Ctrl-C or pulls the cable. A device that fails and is brought back goes on
/// being recorded, and the side-car says where the gap is. Of a restart matrix only whole rows count: a row in which
/// the device failed is taken again, one that was not finished is left out.
///
/// `write` gets the samples in order; `progress`, several times a second however slow the device is, the number of
/// samples so far. Throws Error(usage) for a plan that cannot be, and what the source's start throws before the first
/// sample has come.
Captured capture(Source& source, const CapturePlan& plan, const std::function<void(std::span<const std::byte>)>& write,
                 const std::function<void(std::uint64_t)>& progress, std::stop_token stop);

}  // namespace lightseed

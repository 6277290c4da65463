// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <stop_token>
#include <string>

#include "driver/registry.h"
#include "driver/sidecar.h"

namespace lightseed {

/// Where a capture is not what its side-car's source gives.
struct Difference {
  std::optional<std::uint64_t> byte{};  ///< the first one, from 0; nothing: it is the side-car that differs
  std::string words;
};

/// Reads the next bytes of the capture; fewer than asked for only at its end.
using CaptureReader = std::function<std::size_t(std::span<std::byte>)>;

/// Proof of simulation: opens the source that the side-car of a capture names, draws its samples again – restart by
/// restart, if it was a restart matrix – and compares them with the capture's, byte for byte, and all that the source
/// says of itself with the side-car. Nothing when all is the same. That it can be done shows that the capture holds no
/// entropy beyond its seed.
///
/// `progress` gets the samples compared so far. Throws Error(refused) for a capture that was not simulated or that a
/// gap cuts in two, Error(usage) when the source cannot be opened, Error(interrupted).
std::optional<Difference> difference_from_regenerated(const SourceRegistry& sources, const Sidecar& sidecar,
                                                      const CaptureReader& capture,
                                                      const std::function<void(std::uint64_t)>& progress,
                                                      const std::stop_token& stop);

}  // namespace lightseed

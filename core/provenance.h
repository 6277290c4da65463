// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string_view>

namespace lightseed {

/// Where bits come from, best first. Sticky: whatever touches a worse source is as bad as it.
enum class Provenance {
  hardware,   ///< read from a device during this run
  recorded,   ///< replayed from a file: the same bits may have been used before
  simulated,  ///< computed: no entropy beyond the simulator's seed
};

/// The provenance of a mixture: the worse of the two.
constexpr Provenance worst(Provenance a, Provenance b) noexcept {
  return a < b ? b : a;
}

/// Only bits read from hardware during this run may become production keys.
constexpr bool fit_for_production(Provenance provenance) noexcept {
  return provenance == Provenance::hardware;
}

/// "hardware", "recorded" or "simulated".
std::string_view name_of(Provenance provenance) noexcept;

/// The inverse of name_of; nothing for an unknown word.
std::optional<Provenance> provenance_from(std::string_view name) noexcept;

/// The line every artefact of this provenance carries; empty for hardware.
std::string_view banner(Provenance provenance) noexcept;

}  // namespace lightseed

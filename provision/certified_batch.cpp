// SPDX-License-Identifier: Apache-2.0
#include "provision/certified_batch.h"

#include "core/checked.h"

namespace lightseed {

std::optional<std::uint64_t> CertifiedBatch::all_key_bytes() const noexcept {
  // An expansion takes at most 32 bytes of entropy for a byte: their bits, too, are counted in 64 bits.
  constexpr std::uint64_t most = std::uint64_t{1} << 55;
  const auto bytes = checked_product({sims, keys_per_sim, key_bytes});
  return bytes && *bytes <= most ? bytes : std::nullopt;
}

std::string_view purpose_of(Provenance provenance) noexcept {
  return fit_for_production(provenance) ? "PRODUCTION" : "TEST";
}

}  // namespace lightseed

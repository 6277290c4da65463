// SPDX-License-Identifier: Apache-2.0
#include "provision/certified_batch.h"

#include "core/checked.h"

namespace lightseed {

std::optional<std::uint64_t> CertifiedBatch::all_key_bytes() const noexcept {
  return checked_product({sims, keys_per_sim, key_bytes});
}

std::string_view purpose_of(Provenance provenance) noexcept {
  return fit_for_production(provenance) ? "PRODUCTION" : "TEST";
}

}  // namespace lightseed

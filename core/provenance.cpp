// SPDX-License-Identifier: Apache-2.0
#include "core/provenance.h"

namespace lightseed {

std::string_view name_of(Provenance provenance) noexcept {
  switch (provenance) {
    case Provenance::hardware: return "hardware";
    case Provenance::recorded: return "recorded";
    case Provenance::simulated: break;
  }
  return "simulated";
}

std::optional<Provenance> provenance_from(std::string_view name) noexcept {
  for (const Provenance p : {Provenance::hardware, Provenance::recorded, Provenance::simulated}) {
    if (name_of(p) == name) return p;
  }
  return std::nullopt;
}

std::string_view banner(Provenance provenance) noexcept {
  switch (provenance) {
    case Provenance::hardware: return "";
    case Provenance::recorded: return "RECORDED – NOT FOR PRODUCTION";
    case Provenance::simulated: break;
  }
  return "SIMULATED – NOT FOR PRODUCTION";
}

}  // namespace lightseed

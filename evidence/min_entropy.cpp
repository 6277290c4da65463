// SPDX-License-Identifier: Apache-2.0
#include "evidence/min_entropy.h"

namespace lightseed {

std::string_view name_of(MinEntropy::Basis basis) noexcept {
  switch (basis) {
    case MinEntropy::Basis::modelled: return "modelled";
    case MinEntropy::Basis::measured: return "measured";
    case MinEntropy::Basis::stated: break;
  }
  return "stated";
}

Json to_json(const MinEntropy& claim) {
  return Json{{"bits_per_sample", claim.bits_per_sample},
              {"basis", name_of(claim.basis)},
              {"method", claim.method},
              {"assumptions", claim.assumptions},
              {"details", claim.details}};
}

MinEntropy min_entropy_from(ObjectReader reader) {
  using Basis = MinEntropy::Basis;
  static constexpr Basis all[] = {Basis::modelled, Basis::measured, Basis::stated};
  MinEntropy claim;
  claim.bits_per_sample = reader.number("bits_per_sample", 0);
  claim.basis = take_enum(reader, "basis", all);
  claim.method = reader.text("method");
  claim.assumptions = reader.texts("assumptions");
  claim.details = reader.free_object("details");
  reader.finish();
  return claim;
}

}  // namespace lightseed

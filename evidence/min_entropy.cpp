#include "evidence/min_entropy.h"

#include <fmt/format.h>

#include <cmath>

#include "core/error.h"

namespace lightseed {

const char* name_of(MinEntropy::Basis basis) noexcept {
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

MinEntropy min_entropy_from(const Json& json) try {
  MinEntropy claim;
  claim.bits_per_sample = json.at("bits_per_sample").get<double>();
  if (!std::isfinite(claim.bits_per_sample) || claim.bits_per_sample < 0) {
    throw Error(Category::usage, "a min-entropy claim must be a number of bits, zero or more");
  }
  const auto basis = json.at("basis").get<std::string>();
  bool known = false;
  for (const auto candidate : {MinEntropy::Basis::modelled, MinEntropy::Basis::measured, MinEntropy::Basis::stated}) {
    if (basis == name_of(candidate)) {
      claim.basis = candidate;
      known = true;
    }
  }
  if (!known) throw Error(Category::usage, fmt::format("unknown basis of a min-entropy claim: {}", basis));
  claim.method = json.at("method").get<std::string>();
  claim.assumptions = json.at("assumptions").get<std::vector<std::string>>();
  claim.details = json.at("details");
  return claim;
} catch (const Json::exception& e) {
  throw Error(Category::usage, fmt::format("malformed min-entropy claim: {}", e.what()));
}

}  // namespace lightseed

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/json.h"
#include "evidence/object_reader.h"

namespace lightseed {

/// A min-entropy claim, in bits per raw sample, and what it rests on.
struct MinEntropy {
  enum class Basis {
    modelled,  ///< computed from a physical model, conditional on the classical noise
    measured,  ///< estimated from raw data of the run itself or of an assessment
    stated,    ///< somebody's word: an operator's or a vendor's
  };

  double bits_per_sample = 0;
  Basis basis = Basis::stated;
  std::string method;                    ///< how the number came to be, one sentence with its source
  std::vector<std::string> assumptions;  ///< what must hold for it to be true
  Json details = Json::object();         ///< numbers a verifier can recompute
};

/// "modelled", "measured" or "stated".
std::string_view name_of(MinEntropy::Basis basis) noexcept;

/// `{"bits_per_sample":…,"basis":…,"method":…,"assumptions":[…],"details":{…}}`
Json to_json(const MinEntropy& claim);

/// The inverse. Throws Error(malformed) naming the member that is missing or wrong.
MinEntropy min_entropy_from(ObjectReader reader);

}  // namespace lightseed

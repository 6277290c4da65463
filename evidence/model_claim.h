// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>

#include "core/json.h"
#include "evidence/object_reader.h"

namespace lightseed {

/// What a physical model says of one sample, in bits; it is the `details` of a MinEntropy whose basis is `modelled`.
///
/// The three min-entropies answer three questions, and only the second may be claimed:
///   marginal                what the codes alone show: all that a statistical test can see
///   average_conditional     -log2 E_e max_c P(c | e), given all samples before and the side information e. The
///                           unlikely values of e are inside this average, so nothing needs to be charged for them
///   worst_case_conditional  the same for the worst e within a bound; e leaves it with the probability given
struct ModelClaim {
  double marginal = 0;
  double average_conditional = 0;
  double worst_case_conditional = 0;
  /// log2 of the probability that a sample's e leaves the bound; nothing where no e is outside.
  std::optional<double> worst_case_failure_log2{};
  double rate = 0;                 ///< samples a second of the device that is modelled
  std::string side_information{};  ///< what the adversary is granted: e, in words
};

Json to_json(const ModelClaim& claim);

/// The inverse. Throws Error(malformed) naming the member.
ModelClaim model_claim_from(ObjectReader reader);

}  // namespace lightseed

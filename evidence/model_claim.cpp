// SPDX-License-Identifier: Apache-2.0
#include "evidence/model_claim.h"

namespace lightseed {

Json to_json(const ModelClaim& claim) {
  return Json{
      {"marginal", claim.marginal},
      {"average_conditional", claim.average_conditional},
      {"worst_case_conditional", claim.worst_case_conditional},
      {"worst_case_failure_log2", claim.worst_case_failure_log2 ? Json(*claim.worst_case_failure_log2) : Json(nullptr)},
      {"rate", claim.rate},
      {"side_information", claim.side_information}};
}

ModelClaim model_claim_from(ObjectReader reader) {
  constexpr double most_bits = 16;
  ModelClaim claim;
  claim.marginal = reader.number("marginal", 0, most_bits);
  claim.average_conditional = reader.number("average_conditional", 0, most_bits);
  claim.worst_case_conditional = reader.number("worst_case_conditional", 0, most_bits);
  claim.worst_case_failure_log2 = reader.number_or_null("worst_case_failure_log2");
  if (claim.worst_case_failure_log2.value_or(0) > 0)
    reader.fail("worst_case_failure_log2", "a probability is at most 2^0");
  claim.rate = reader.number("rate", 0);
  claim.side_information = reader.text("side_information");
  reader.finish();
  return claim;
}

}  // namespace lightseed

// SPDX-License-Identifier: Apache-2.0
#include "evidence/model_claim.h"

#include <catch2/catch.hpp>

#include "core/error.h"

using namespace lightseed;

TEST_CASE("what a model says of a sample survives JSON; a malformed record is refused by the name of its member") {
  const ModelClaim claim{6.4, 6.3, 5.2, -28.9, 1e8, "classical noise"};
  const Json json = to_json(claim);
  CHECK(to_json(model_claim_from(ObjectReader(json, "details"))) == json);
  const ModelClaim absolute{.marginal = 1, .average_conditional = 1, .worst_case_conditional = 1};
  CHECK(to_json(absolute)["worst_case_failure_log2"].is_null());
  CHECK_FALSE(model_claim_from(ObjectReader(to_json(absolute), "")).worst_case_failure_log2);

  const auto refusal = [&](const char* member, const Json& value) {
    Json bad = json;
    bad[member] = value;
    CHECK_THROWS_WITH(model_claim_from(ObjectReader(bad, "details")),
                      Catch::Contains(std::string("details.") + member));
  };
  refusal("marginal", -1);
  refusal("average_conditional", 17);
  refusal("worst_case_conditional", "5");
  refusal("worst_case_failure_log2", 1);
  refusal("side_information", 7);
  refusal("extra", 1);
}

// SPDX-License-Identifier: Apache-2.0
#include "evidence/ledger_record.h"

#include <catch2/catch.hpp>

#include "tests/category_of.h"

using namespace lightseed;

TEST_CASE("a ledger record comes back as it was written, and nothing else passes for one") {
  const LedgerRecord record{.position = {.ledger_id = "0193", .sequence = 12, .chain_head = std::string(64, 'a')},
                            .first_charges = 3,
                            .top_ups = 1};
  const Json json = to_json(record);
  CHECK(ledger_record_from(ObjectReader(json, "ledger")) == record);
  for (const auto& [where, lie] : std::vector<std::pair<const char*, Json>>{{"/position/sequence", 0},
                                                                            {"/position/sequence", 1.0},
                                                                            {"/position/chain_head", "aa"},
                                                                            {"/position/extra", 1},
                                                                            {"/first_charges", -1},
                                                                            {"/more", true}}) {
    CAPTURE(where);
    Json told = json;
    told[Json::json_pointer(where)] = lie;
    CHECK(test::category_of([&] { (void)ledger_record_from(ObjectReader(told, "ledger")); }) == Category::malformed);
  }
}

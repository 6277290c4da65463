// SPDX-License-Identifier: Apache-2.0
#include "evidence/ledger_record.h"

#include <catch2/catch.hpp>

#include "tests/category_of.h"

using namespace lightseed;

TEST_CASE("a ledger record comes back as it was written, and nothing else passes for one") {
  const LedgerRecord record{.position = {.ledger_id = "0193", .sequence = 12, .chain_head = std::string(64, 'a')},
                            .first_charges = 3,
                            .top_ups = 1};
  LedgerRecord second = record;
  second.previous_certificate_sha256 = std::string(64, 'b');
  const Json chained = to_json(second);
  CHECK(ledger_record_from(ObjectReader(chained, "ledger")) == second);
  const Json json = to_json(record);
  CHECK_FALSE(json.contains("previous_certificate_sha256"));
  CHECK(ledger_record_from(ObjectReader(json, "ledger")) == record);
  for (const auto& [where, lie] : std::vector<std::pair<const char*, Json>>{{"/position/sequence", 0},
                                                                            {"/position/sequence", 1.0},
                                                                            {"/position/chain_head", "aa"},
                                                                            {"/position/extra", 1},
                                                                            {"/first_charges", -1},
                                                                            {"/previous_certificate_sha256", ""},
                                                                            {"/more", true}}) {
    CAPTURE(where);
    Json told = json;
    told[Json::json_pointer(where)] = lie;
    CHECK(test::category_of([&] { (void)ledger_record_from(ObjectReader(told, "ledger")); }) == Category::malformed);
  }
}

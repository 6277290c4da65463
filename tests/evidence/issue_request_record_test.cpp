// SPDX-License-Identifier: Apache-2.0
#include "evidence/issue_request_record.h"

#include <catch2/catch.hpp>

using namespace lightseed;

TEST_CASE("two requests for one order: equal, or different in words; ledgers of schema 1 are understood") {
  IssueRequestRecord record{.order_sha256 = "aa",
                            .sims = 2,
                            .keys_per_sim = 10,
                            .key_bytes = 16,
                            .log2_epsilon = -64,
                            .recipients = {{"card", {{"kind", "ec"}, {"certificate_sha256", "01"}}},
                                           {"network", {{"kind", "key-encryption-key"}, {"id", "n"}}}},
                            .signer_sha256 = "03",
                            .expansion = {}};
  const std::string old =
      R"({"order_sha256":"aa","sims":2,"keys_per_sim":10,"key_bytes":16,"log2_epsilon":-64,"card":{"kind":"EC",)"
      R"("certificate_sha256":"01"},"network":{"id":"n"},"signer":"03"})";
  CHECK(request_differences(old, request_text(record)).empty());
  record.keys_per_sim = 11;
  record.recipients[0].second["certificate_sha256"] = "09";
  record.expansion = Json{{"mode", "rbg2"}};
  CHECK(request_differences(old, request_text(record)) == std::vector<std::string>{"the card side's recipient",
                                                                                   "the expansion behind the extractor",
                                                                                   "the number of keys for each SIM"});
  const std::string once = request_text(record);
  record.further_signers_sha256 = {"04"};
  const std::string twice = request_text(record);
  CHECK(request_differences(once, twice) == std::vector<std::string>{"the second signer"});
  record.further_signers_sha256 = {"05"};
  CHECK(request_differences(twice, request_text(record)) == std::vector<std::string>{"the second signer"});
  CHECK(request_differences(twice, twice).empty());
  record.further_signers_sha256 = {"04", "07"};
  CHECK(request_differences(twice, request_text(record)) == std::vector<std::string>{"the third signer"});
  const std::string thrice = request_text(record);
  record.further_signers_sha256 = {"07", "04"};
  CHECK(request_differences(thrice, request_text(record)) ==
        std::vector<std::string>{"the second signer", "the third signer"});
  record.further_signers_sha256 = {"05"};
  const std::string unaudited = request_text(record);
  record.audit = true;
  CHECK(request_differences(unaudited, request_text(record)) ==
        std::vector<std::string>{"whether the keys are audited"});
  const std::string alone = request_text(record);
  CHECK(requested_releaser(alone) == "");
  record.releaser_sha256 = "06";
  CHECK(requested_releaser(request_text(record)) == "06");
  CHECK(request_differences(alone, request_text(record)) == std::vector<std::string>{"who releases the batch"});
  for (const char* const text : {"", "[]", "{", R"({"releaser":7})"})
    CHECK_FALSE(requested_releaser(text));
  for (const char* const text : {"", "[]", "{", "null"})
    CHECK(request_differences(text, request_text(record)).size() == 1);
}

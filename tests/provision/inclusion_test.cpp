// SPDX-License-Identifier: Apache-2.0
#include "provision/inclusion.h"

#include <catch2/catch.hpp>
#include <fstream>
#include <functional>
#include <string>

#include "core/hex.h"
#include "evidence/json_text.h"
#include "provision/verify.h"
#include "tests/category_of.h"
#include "tests/provision/assessed_office.h"

using namespace lightseed;
using test::AssessedOffice;
using test::category_of;

TEST_CASE("proof of inclusion: both sides make the same one, and the certificate alone bears it out") {
  const AssessedOffice office;
  (void)issue(office.request(), AssessedOffice::services());
  const auto trust = TrustAnchor::read(office.file("signer.crt"));
  const auto prove = [&](const char* key, const std::string& iccid) {
    return prove_inclusion(office.path("out"), trust, RecipientKey::read(office.file(key)), iccid);
  };
  const CertifiedBatch batch = read_sealed_certificate(office.path("out"), trust).reading.batch;
  for (const char* const iccid : {"8988211000000000011", "8988211000000000029", "89882110000000000333"}) {
    const InclusionRecord proof = prove("perso.key", iccid);
    CHECK(proof == prove("auc.key", iccid));
    CHECK(fault_of_inclusion(proof, batch).empty());
    std::ofstream(office.file("proof.json"), std::ios::trunc) << json_text(to_json(proof), 1);
    CHECK(read_inclusion_proof(office.path("proof.json")) == proof);
  }
  CHECK(category_of([&] { (void)prove("perso.key", "8988211000000000999"); }) == Category::usage);
  CHECK(category_of([&] { (void)prove("signer.key", "8988211000000000011"); }) == Category::verdict);

  // Whatever else it says, it is no longer borne out.
  const InclusionRecord good = prove("perso.key", "8988211000000000029");
  const auto lie = [&](const std::function<void(InclusionRecord&)>& change) {
    InclusionRecord proof = good;
    change(proof);
    return fault_of_inclusion(proof, batch);
  };
  CHECK_THAT(lie([](InclusionRecord& p) { p.batch = "another"; }), Catch::Contains("of batch another"));
  CHECK_THAT(lie([](InclusionRecord& p) { p.leaves = 4; }), Catch::Contains("4 leaves"));
  CHECK_THAT(lie([](InclusionRecord& p) { p.index = 2; }), Catch::Contains("does not lead"));
  CHECK_THAT(lie([](InclusionRecord& p) { p.leaf = std::string(64, '0'); }), Catch::Contains("does not lead"));
  CHECK_THAT(lie([](InclusionRecord& p) { p.path.pop_back(); }), Catch::Contains("does not lead"));
  CHECK_THAT(lie([](InclusionRecord& p) { p.path.push_back(p.leaf); }), Catch::Contains("does not lead"));
  CHECK_THAT(lie([](InclusionRecord& p) { p.path.clear(), p.leaf = std::string(64, '1'); }),
             Catch::Contains("does not lead"));

  // Hostile text.
  const auto read = [&](const std::function<void(Json&)>& change) {
    Json json = to_json(good);
    change(json);
    std::ofstream(office.file("proof.json"), std::ios::trunc) << json_text(json);
    return category_of([&] { (void)read_inclusion_proof(office.path("proof.json")); });
  };
  for (const auto& change : std::vector<std::function<void(Json&)>>{
           [](Json& json) { json["leaf"] = "zz"; }, [](Json& json) { json["index"] = 3; },
           [](Json& json) { json["path"] = Json::array({"00"}); }, [](Json& json) { json["more"] = 1; },
           [](Json& json) { json["path"] = std::vector<std::string>(65, std::string(64, '0')); },
           [](Json& json) { json.erase("block"); }, [](Json& json) { json["leaves"] = -1; }})
    CHECK(read(change) == Category::malformed);
}

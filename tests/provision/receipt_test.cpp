// SPDX-License-Identifier: Apache-2.0
#include "provision/receipt.h"

#include <catch2/catch.hpp>
#include <ctime>
#include <fstream>
#include <functional>
#include <string>

#include "core/byte_views.h"
#include "core/hex.h"
#include "crypto/digest.h"
#include "crypto/dsse.h"
#include "evidence/json_text.h"
#include "provision/ledger/ledger.h"
#include "tests/category_of.h"
#include "tests/provision/assessed_office.h"

using namespace lightseed;
using test::AssessedOffice;
using test::category_of;
namespace fs = std::filesystem;

namespace {

constexpr const char* first_sim = "8988211000000000011";

/// An issued batch, and a bureau that answers for the card side.
class Bureau {
 public:
  Bureau() : issued(issue(office.request(), AssessedOffice::services())) {
    for (const char* const name : {"bureau", "stranger"})
      test::make_certificate(office.path("."), {.name = name});
  }

  [[nodiscard]] ReceiptRecord make(std::vector<RejectedSim> rejected = {}, const char* key = "perso.key",
                                   const char* side = "card") const {
    return make_receipt(office.path("out"), TrustAnchor::read(office.file("signer.crt")),
                        RecipientKey::read(office.file(key)),
                        {.outlet = side, .rejected = std::move(rejected), .now = std::time(nullptr)});
  }
  [[nodiscard]] Signer signer(const std::string& name = "bureau") const {
    return {office.file(name + ".crt"), office.file(name + ".key"), std::time(nullptr)};
  }
  [[nodiscard]] std::string write(const std::string& text) const {
    std::ofstream(office.file("receipt.json"), std::ios::trunc) << text;
    return office.file("receipt.json");
  }
  [[nodiscard]] TrustAnchor trust() const { return TrustAnchor::read(office.file("bureau.crt")); }

  /// Why a text is not believed.
  [[nodiscard]] std::string refusal(const std::string& text) const {
    try {
      (void)read_receipt(write(text), trust());
    } catch (const Error& error) {
      CHECK(error.category() == Category::verdict);
      return error.what();
    }
    return "believed";
  }

  AssessedOffice office;
  IssueResult issued;
};

}  // namespace

TEST_CASE("receipt: a side says which keys it holds, and the ledger enters it") {
  const Bureau bureau;
  const ReceiptRecord record = bureau.make({{first_sim, "chip broken"}});
  CHECK(record.merkle_root == bureau.issued.merkle_root);
  CHECK(record.sims == 3);
  const SealedReceipt receipt = read_receipt(bureau.write(seal_receipt(record, bureau.signer())), bureau.trust());
  CHECK(receipt.record == record);
  const auto ledger = open_ledger(bureau.office.file("ledger.db"), {.mode = LedgerAccess::Mode::issue});
  const auto lock = ledger->issuing_lock();
  CHECK(ledger->acknowledge(answer_of(receipt)));
  CHECK(stage_of(ledger->blocks_of_sim(first_sim).at(0).facts) == BlockStage::rejected);
  // Who only has the certificate and a key to sign with can copy the root, and not what the other side knows.
  ReceiptRecord copied = bureau.make({}, "auc.key", "network");
  CHECK(copied.leaves_sha256 == record.leaves_sha256);
  copied.leaves_sha256 = copied.merkle_root;
  const SealedReceipt liar = read_receipt(bureau.write(seal_receipt(copied, bureau.signer())), bureau.trust());
  CHECK(category_of([&] { ledger->acknowledge(answer_of(liar)); }) == Category::refused);
  CHECK(ledger->examine(Depth::blocks).faults.empty());
}

TEST_CASE("receipt: who cannot open the side cannot answer for it") {
  const Bureau bureau;
  CHECK(category_of([&] { (void)bureau.make({}, "auc.key"); }) == Category::verdict);
  CHECK(category_of([&] { (void)bureau.make({}, "perso.key", "network"); }) == Category::verdict);
  CHECK(category_of([&] { (void)bureau.make({}, "perso.key", "garden"); }) == Category::usage);
  CHECK(category_of([&] { (void)bureau.make({{"8988211000000000999", ""}}); }) == Category::usage);
  CHECK(category_of([&] { (void)bureau.make({{first_sim, "a"}, {first_sim, "b"}}); }) == Category::usage);
}

TEST_CASE("receipt: strangers, and liars with a key, are not believed") {
  const Bureau bureau;
  const ReceiptRecord record = bureau.make();
  CHECK(bureau.refusal(seal_receipt(record, bureau.signer())) == "believed");
  CHECK_THAT(bureau.refusal(seal_receipt(record, bureau.signer("stranger"))), Catch::Contains("no receipt"));
  CHECK_THAT(bureau.refusal(""), Catch::Contains("no receipt") && Catch::Contains("the receipt is no envelope"));
  // A certificate of a batch is no receipt, whoever signed it.
  CHECK_THAT(bureau.refusal(seal("application/vnd.in-toto+json", json_text(to_json(record), 1), bureau.signer())),
             Catch::Contains("no receipt"));
  const auto lie = [&](const std::function<void(Json&)>& change) {
    Json json = to_json(record);
    change(json);
    return bureau.refusal(seal(receipt_payload_type, json_text(json, 1) + "\n", bureau.signer()));
  };
  CHECK(lie([](Json&) {}) == "believed");
  CHECK_THAT(lie([](Json& json) { json["more"] = 1; }), Catch::Contains("more"));
  CHECK_THAT(lie([](Json& json) { json.erase("sims"); }), Catch::Contains("sims"));
  CHECK_THAT(lie([](Json& json) { json["sims"] = 3.0; }), Catch::Contains("sims"));
  CHECK_THAT(lie([](Json& json) { json["merkle_root"] = std::string(64, 'A'); }), Catch::Contains("merkle_root"));
  CHECK_THAT(lie([](Json& json) { json["moment"] = "yesterday"; }), Catch::Contains("moment"));
  // Its signer was not valid then.
  CHECK_THAT(lie([](Json& json) { json["moment"] = "2001-01-01T00:00:00Z"; }), Catch::Contains("no receipt"));
  CHECK_THAT(lie([](Json& json) {
               json["rejected"] = {{{"iccid", "b"}, {"reason", ""}}, {{"iccid", "a"}, {"reason", ""}}};
             }),
             Catch::Contains("rejected"));
  CHECK_THAT(lie([](Json& json) {
               json["rejected"] = {{{"iccid", "a"}, {"reason", "\033[2J"}}};
             }),
             Catch::Contains("no line of text"));
}

TEST_CASE("receipt: a list of rejected SIMs is read line by line") {
  const Bureau bureau;
  const auto read = [&](const std::string& text) { return read_rejected_sims(bureau.write(text)); };
  CHECK(read("").empty());
  CHECK(read("iccid,reason\r\n8988211000000000011F,chip, broken\r\n\r\n") ==
        std::vector<RejectedSim>{{first_sim, "chip, broken"}});
  CHECK(read("8988211000000000011") == std::vector<RejectedSim>{{first_sim, ""}});
  for (const char* const wrong : {"8988211000000000012", "what", "8988211000000000011,\xff"})
    CHECK_THROWS_WITH(read(std::string("8988211000000000029\n") + wrong), Catch::Contains(":2: "));
}

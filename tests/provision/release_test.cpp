// SPDX-License-Identifier: Apache-2.0
#include "provision/release.h"

#include <catch2/catch.hpp>
#include <ctime>
#include <fstream>
#include <functional>
#include <string>

#include "core/atomic_file.h"
#include "core/error.h"
#include "crypto/dsse.h"
#include "evidence/json_text.h"
#include "provision/certificate.h"
#include "provision/open_batch.h"
#include "provision/receipt.h"
#include "provision/taken_ledger.h"
#include "tests/category_of.h"
#include "tests/provision/assessed_office.h"

using namespace lightseed;
using test::AssessedOffice;
using test::category_of;
namespace fs = std::filesystem;

namespace {

/// An office of two people, a stranger, and the signer's key under another name.
class TwoPeople : public AssessedOffice {
 public:
  TwoPeople() {
    for (const char* const name : {"second", "stranger", "bureau"})
      test::make_certificate(path("."), {.name = name});
    test::make_certificate(path("."), {.name = "twin", .same_key_as = "signer"});
    test::make_certificate(path("."), {.name = "old", .until_now = -60});
  }

  [[nodiscard]] IssueRequest request(const std::string& releaser = "second", const char* order = "o1",
                                     const char* directory = "out") const {
    IssueRequest request = AssessedOffice::request(order, directory);
    request.releaser = X509Certificate::read(file(releaser + ".crt"));
    return request;
  }
  [[nodiscard]] Signer signer(const std::string& name) const {
    return {file(name + ".crt"), file(name + ".key"), std::time(nullptr)};
  }
  [[nodiscard]] TrustAnchor trust(const std::string& name = "signer") const {
    return TrustAnchor::read(file(name + ".crt"));
  }
  [[nodiscard]] SealedRelease release(const std::string& by = "second", const char* directory = "out") const {
    return release_batch({.directory = path(directory), .now = std::time(nullptr)}, trust(), signer(by));
  }
  [[nodiscard]] SealedCertificate certificate(const char* directory = "out") const {
    return read_sealed_certificate(path(directory), trust());
  }
  [[nodiscard]] fs::path place(const char* directory = "out") const {
    return path(directory) / release_name(certificate(directory).reading.batch.id);
  }
  [[nodiscard]] VerifyReport verified(const std::string& release_trust = {}) const {
    VerifyRequest request;
    request.policy.allow_test = true;
    if (!release_trust.empty()) request.policy.release_trust = trust(release_trust);
    return lightseed::verify(path("out"), trust(), request);
  }
  void open() const {
    (void)open_batch(path("out"), trust(), RecipientKey::read(file("perso.key")), {}, [](const PackagedBlock&) {});
  }
  [[nodiscard]] TakenLedger ledger() const {
    return take_ledger(file("ledger.db"), {.mode = LedgerAccess::Mode::issue});
  }
  [[nodiscard]] SideAnswer answer() const {
    const SealedCertificate sealed = certificate();
    return {.batch = sealed.reading.batch.id,
            .outlet = "card",
            .receipt_sha256 = std::string(64, '1'),
            .certificate_sha256 = sealed.sha256,
            .merkle_root = sealed.reading.batch.merkle_root,
            .leaves_sha256 = std::string(64, '2')};
  }
};

bool is_told(const std::vector<std::string>& sentences, const std::string& words) {
  return std::ranges::any_of(sentences, [&](const std::string& one) { return one.find(words) != std::string::npos; });
}

}  // namespace

TEST_CASE("dual control: nothing is opened or answered before a second person released the batch") {
  const TwoPeople office;
  const IssueRequest request = office.request();
  const IssueResult result = issue(request, AssessedOffice::services());
  CHECK(Json::parse(test::unseal_body(result, request))["predicate"]["protection"]["releaser"]["subject"] ==
        "CN=second");
  // As certified, and waiting: who is to release it can look at it.
  const VerifyReport waiting = office.verified();
  CHECK(waiting.valid());
  CHECK_FALSE(waiting.released);
  CHECK(is_told(waiting.certificate.notices, "waits for the release of CN=second"));
  const VerifyReport asked = office.verified("second");
  CHECK(asked.faults.empty());
  CHECK(is_told(asked.refusals, "waits for the release of CN=second"));
  CHECK(category_of([&] { office.open(); }) == Category::refused);
  CHECK(category_of([&] {
          (void)make_receipt(office.path("out"), office.trust(), RecipientKey::read(office.file("perso.key")),
                             {.outlet = "card", .now = std::time(nullptr)});
        }) == Category::refused);
  {
    const TakenLedger taken = office.ledger();
    using Stages = std::vector<std::pair<BlockStage, std::uint64_t>>;
    CHECK(taken.ledger->stages(result.batch) == Stages{{BlockStage::held, 3}});
    CHECK(category_of([&] { taken.ledger->acknowledge(office.answer()); }) == Category::refused);
    CHECK(category_of([&] { (void)enter_release(office.path("out"), office.trust(), *taken.ledger); }) ==
          Category::refused);

    const SealedRelease release = office.release();
    CHECK(release.releaser == "CN=second");
    CHECK(enter_release(office.path("out"), office.trust(), *taken.ledger));
    CHECK_FALSE(enter_release(office.path("out"), office.trust(), *taken.ledger));
    CHECK(office.release().sha256 == release.sha256);  // what is there is left as it is
    CHECK(taken.ledger->stages(result.batch) == Stages{{BlockStage::issued, 3}});
    CHECK(taken.ledger->events().back().subject == release.sha256);
    CHECK(taken.ledger->acknowledge(office.answer()));
    CHECK(taken.ledger->examine(Depth::blocks).faults.empty());
  }
  office.open();
  for (const char* const trust : {"", "second"}) {
    const VerifyReport report = office.verified(trust);
    CHECK(report.valid());
    CHECK(report.released);
    CHECK(is_told(report.checks, "released by CN=second"));
  }
  // The certificate waits for one person, whoever else is trusted: the release holds, and is not what was asked for.
  const VerifyReport strange = office.verified("stranger");
  CHECK(strange.faults.empty());
  CHECK(is_told(strange.refusals, "not what the policy wants"));
}

TEST_CASE("dual control: the signer alone, a stranger and a key under two names release nothing") {
  const TwoPeople office;
  CHECK(test::failure_of(office.request("signer"), AssessedOffice::no_source(), "takes two keys") == Category::refused);
  CHECK(test::failure_of(office.request("twin"), AssessedOffice::no_source(), "takes two keys") == Category::refused);
  CHECK(test::failure_of(office.request("old"), AssessedOffice::no_source(), "expired") == Category::refused);
  (void)issue(office.request(), AssessedOffice::services());
  for (const char* const name : {"signer", "twin", "stranger"})
    CHECK(category_of([&] { (void)office.release(name); }) == Category::refused);
  CHECK_FALSE(fs::exists(office.place()));

  // A signer who lies writes the record by hand. It is believed by nobody.
  const SealedCertificate sealed = office.certificate();
  const ReleaseRecord good{
      .batch = sealed.reading.batch.id, .certificate_sha256 = sealed.sha256, .moment = sealed.reading.batch.created};
  const auto refusal = [&](const std::string& text) -> std::string {
    std::ofstream(office.place(), std::ios::trunc) << text;
    CHECK(category_of([&] { office.open(); }) == Category::verdict);
    const VerifyReport report = office.verified();
    return report.faults.size() == 1 ? report.faults[0] : "believed";
  };
  const auto sealed_by = [&](
                             const std::string& name, const std::function<void(Json&)>& lie = [](Json&) {}) {
    Json json = to_json(good);
    lie(json);
    return seal(release_payload_type, json_text(json, 1) + "\n", office.signer(name));
  };
  for (const char* const name : {"signer", "twin", "stranger"})
    CHECK_THAT(refusal(sealed_by(name)), Catch::Contains("waits for CN=second"));
  CHECK_THAT(refusal(""), Catch::Contains("no envelope"));
  CHECK_THAT(refusal(seal(receipt_payload_type, json_text(to_json(good), 1) + "\n", office.signer("second"))),
             Catch::Contains("no release"));
  for (const auto& [lie, words] : std::initializer_list<std::pair<std::function<void(Json&)>, const char*>>{
           {[](Json& json) { json["batch"] = "another"; }, "of batch another"},
           {[](Json& json) { json["certificate_sha256"] = std::string(64, '0'); }, "another certificate"},
           {[](Json& json) { json["moment"] = "2001-01-01T00:00:00Z"; }, "no release"},
           {[](Json& json) { json["moment"] = "soon"; }, "moment"},
           {[](Json& json) { json["more"] = 1; }, "more"},
           {[](Json& json) { json.erase("moment"); }, "moment"}}) {
    CAPTURE(words);
    CHECK_THAT(refusal(sealed_by("second", lie)), Catch::Contains(words));
  }
  // Its signature was changed.
  std::string forged = sealed_by("second");
  forged[forged.find("\"payload\": \"") + 20] ^= 1;
  CHECK_THAT(refusal(forged), Catch::Contains("no release"));
  std::ofstream(office.place(), std::ios::trunc) << sealed_by("second");
  office.open();
}

TEST_CASE("dual control: a release of one batch, or of a changed one, releases no other") {
  const TwoPeople office;
  (void)issue(office.request(), AssessedOffice::services());
  IssueRequest more = office.request("second", "o2", "more");
  more.top_up = true;
  (void)issue(more, AssessedOffice::services());
  (void)office.release("second", "more");
  fs::copy_file(office.place("more"), office.place("out"));
  CHECK(category_of([&] { office.open(); }) == Category::verdict);
  CHECK(is_told(office.verified().faults, "of batch "));
  const TakenLedger taken = office.ledger();
  CHECK(category_of([&] { (void)enter_release(office.path("out"), office.trust(), *taken.ledger); }) ==
        Category::verdict);
  fs::remove(office.place("out"));
  // What is to be released is looked at first.
  const fs::path key_file = office.entries("out").front();
  const std::string before = read_text_file(key_file, 1U << 20);
  std::ofstream(key_file, std::ios::app) << "x";
  CHECK(category_of([&] { (void)office.release(); }) == Category::verdict);
  CHECK_FALSE(fs::exists(office.place()));
  std::ofstream(key_file, std::ios::trunc) << before;
  (void)office.release();
}

TEST_CASE("dual control is part of the order, and a batch without it waits for nobody") {
  const TwoPeople office;
  const IssueRequest alone = office.AssessedOffice::request();
  const IssueResult result = issue(alone, AssessedOffice::services());
  CHECK_FALSE(Json::parse(test::unseal_body(result, alone))["predicate"]["protection"].contains("releaser"));
  CHECK(test::failure_of(office.request(), AssessedOffice::no_source(), "who releases the batch") == Category::refused);
  CHECK(category_of([&] { (void)office.release(); }) == Category::refused);
  office.open();
  CHECK(office.verified().valid());
  CHECK(is_told(office.verified("second").refusals, "not issued under dual control"));
  const TakenLedger taken = office.ledger();
  CHECK(category_of([&] {
          taken.ledger->release({.batch = result.batch,
                                 .certificate_sha256 = office.certificate().sha256,
                                 .record_sha256 = std::string(64, '1'),
                                 .releaser_sha256 = std::string(64, '2')});
        }) == Category::refused);
  CHECK(taken.ledger->acknowledge(office.answer()));
}

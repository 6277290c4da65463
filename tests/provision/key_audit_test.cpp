// SPDX-License-Identifier: Apache-2.0
// A batch that carries the audit of its own keys: how it is issued, verified, lied about, and what keys that fail come
// to.
#include "provision/key_audit.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <fstream>
#include <random>

#include "core/atomic_file.h"
#include "core/byte_views.h"
#include "crypto/dsse.h"
#include "evidence/record_text.h"
#include "provision/destruction.h"
#include "provision/key_audit_file.h"
#include "provision/ledger/ledger.h"
#include "provision/rehearsal.h"
#include "provision/staging.h"
#include "stats/audit/secrecy.h"
#include "tests/category_of.h"
#include "tests/provision/assessed_office.h"
#include "tests/stats/random_bytes.h"
#include "tests/test_paths.h"

using namespace lightseed;
using test::AssessedOffice;
using test::category_of;
namespace fs = std::filesystem;

namespace {

constexpr const char* some_batch = "019a0000-0000-7000-8000-000000000001";

/// 3 SIMs of 60 keys: 23,040 bits, and no suite of a million bits has to run.
IssueRequest audited(const AssessedOffice& office, std::uint64_t keys_per_sim = 60) {
  IssueRequest request = office.request();
  request.keys_per_sim = keys_per_sim;
  request.audit = true;
  return request;
}

KeyAudit::Result audit_of(std::span<const std::byte> bytes, std::size_t piece) {
  KeyAudit audit(bytes.size());
  for (; !bytes.empty(); bytes = bytes.subspan(std::min(piece, bytes.size())))
    audit.add(bytes.first(std::min(piece, bytes.size())));
  return audit.finish(some_batch);
}

/// Random bytes of which so many bits that were 0 are 1, evenly spread.
std::vector<std::byte> leaning(std::size_t size, std::size_t more_ones) {
  auto bytes = test::random_bytes(size, 7);
  for (std::size_t k = 0; k < more_ones; ++k) {
    for (std::size_t at = k * (size / more_ones);; ++at) {
      const std::byte bit{static_cast<unsigned char>(1U << (k % 8))};
      if ((bytes.at(at) & bit) != std::byte{}) continue;
      bytes[at] |= bit;
      break;
    }
  }
  return bytes;
}

/// One good batch in a thousand comes to RETEST: of these tests' batches none does.
struct Passing {
  Passing() {
    for (int again = 0; again < 5 && (!result || result->audit.value().says.verdict() != AuditOutcome::pass); ++again) {
      office = std::make_unique<AssessedOffice>();
      told.clear();
      IssueServices services = AssessedOffice::services();
      services.notice = [&](const std::string& words) { told.push_back(words); };
      result = issue(audited(*office), services);
    }
  }
  std::unique_ptr<AssessedOffice> office{};
  std::vector<std::string> told{};
  std::optional<IssueResult> result{};
};

/// An audited batch in the hands of who holds the signer's key.
class Liar {
 public:
  Liar() : request_(audited(office_)), issued_(*batch_.result) {
    statement_ = Json::parse(test::unseal_body(issued_, request_));
    record_ = Json::parse(read_text_file(file(), largest_key_audit));
  }
  Json statement_, record_;

  [[nodiscard]] fs::path file() const { return issued_.directory / issued_.audit.value().name; }
  [[nodiscard]] const AssessedOffice& office() const { return office_; }

  /// Writes the text as the audit, and a certificate that names it.
  void put(const std::string& text) {
    std::ofstream(file(), std::ios::trunc | std::ios::binary) << text;
    statement_["predicate"]["audit"]["file"]["bytes"] = text.size();
    statement_["predicate"]["audit"]["file"]["sha256"] = hex(sha256(bytes_of(text)));
    seal_statement();
  }
  void put() { put(record_.dump(1) + "\n"); }
  void seal_statement() const {
    std::ofstream(issued_.directory / issued_.certificate, std::ios::trunc)
        << seal(certificate_payload_type, statement_.dump(1) + "\n", request_.signer);
  }
  [[nodiscard]] std::vector<std::string> faults(const std::optional<std::string>& key = std::nullopt) const {
    try {
      return office_.verify(key).faults;
    } catch (const Error& error) {
      CHECK(error.category() == Category::verdict);
      return {error.what()};
    }
  }

 private:
  Passing batch_;
  const AssessedOffice& office_ = *batch_.office;
  IssueRequest request_;
  IssueResult issued_;
};

bool is_said(const std::vector<std::string>& sentences, const std::string& words) {
  return std::ranges::any_of(sentences, [&](const std::string& one) { return one.find(words) != std::string::npos; });
}

/// A record with a scratch: after a while it plays the same raw samples over and over. Each stretch is as random as it
/// should be, so health tests, which count repetitions and values, have nothing to say.
class Scratched final : public Source {
 public:
  explicit Scratched(std::size_t period) : period_(period) {
    info_.uri = "file:scratched.bin";
    info_.driver = "file";
    info_.format = {8, 8};
    info_.claim.bits_per_sample = 6.2;
    info_.provenance = Provenance::recorded;
  }
  [[nodiscard]] const SourceInfo& info() const noexcept override { return info_; }
  void start(const Patience&) override {}
  void stop() noexcept override {}
  [[nodiscard]] Read read(std::span<std::byte> out, const Patience&) override {
    for (std::byte& sample : out) {
      sample = groove_[at_ % period_];
      ++at_;
    }
    return {out.size(), ReadState::ok, {}};
  }

 private:
  SourceInfo info_;
  std::size_t period_;
  std::vector<std::byte> groove_ = test::random_bytes(std::size_t{1} << 22, 5);
  std::size_t at_ = 0;
};

IssueServices services_of_scratched(std::size_t period) {
  IssueServices services = AssessedOffice::services();
  services.open_source = [period] { return std::make_unique<Scratched>(period); };
  services.assess = AssessedOffice::Office::services().assess;
  return services;
}

}  // namespace

TEST_CASE("an audited batch: the record lies beside the certificate, which names it; either key makes it again") {
  const Passing batch;
  const AssessedOffice& office = *batch.office;
  const IssueRequest request = audited(office);
  const IssueResult& result = *batch.result;
  REQUIRE(result.audit);
  CHECK(result.audit->name == result.batch + ".audit.json");
  CHECK(result.audit->says.bits == 3 * 60 * 16 * 8);
  CHECK(result.audit->says.first_bits == result.audit->says.bits);
  CHECK(result.audit->says.verdict() == AuditOutcome::pass);
  CHECK(result.audit->says.judged() > 20);
  CHECK(result.audit->says.not_run > 5);
  CHECK_FALSE(is_said(batch.told, "audit"));
  CHECK(office.entries("out").size() == 4);
  CHECK(office.is_tidy());

  const std::string text = read_text_file(result.directory / result.audit->name, largest_key_audit);
  CHECK(text.size() == result.audit->bytes);
  CHECK(summary_of(read_key_audit(text)) == result.audit->says);
  const Json statement = Json::parse(test::unseal_body(result, request));
  CHECK(statement["predicate"]["audit"]["rule"] == key_audit_rule);
  CHECK(statement["subject"].size() == 2);

  const VerifyReport plain = office.verify();
  CHECK(plain.faults == std::vector<std::string>{});
  CHECK(plain.certificate.notices.empty());
  CHECK(is_said(plain.checks, "says PASS (sanity, not proof)"));
  CHECK_FALSE(plain.audit_made_again);
  for (const char* const key : {"perso.key", "auc.key"}) {
    const VerifyReport opened = office.verify(key);
    CHECK(opened.faults == std::vector<std::string>{});
    CHECK(opened.audit_made_again);
  }
}

TEST_CASE("without --audit nothing is there; with it the same call finds the batch, without it another one") {
  const AssessedOffice office;
  const IssueResult plain = issue(office.request(), AssessedOffice::services());
  CHECK_FALSE(plain.audit);
  CHECK(office.entries("out").size() == 3);
  CHECK_FALSE(Json::parse(test::unseal_body(plain, office.request()))["predicate"].contains("audit"));
  IssueRequest asked = office.request();
  asked.audit = true;
  CHECK(test::failure_of(asked, AssessedOffice::no_source(), "whether the keys are audited") == Category::refused);

  const AssessedOffice other;
  const IssueResult first = issue(audited(other), AssessedOffice::services());
  const IssueResult again = issue(audited(other), AssessedOffice::no_source());
  CHECK(again.already_issued);
  REQUIRE(again.audit);
  CHECK(again.audit->sha256 == first.audit->sha256);
  IssueRequest unasked = audited(other);
  unasked.audit = false;
  CHECK(test::failure_of(unasked, AssessedOffice::no_source(), "whether the keys are audited") == Category::refused);
  fs::remove(other.path("out") / first.audit->name);
  CHECK(test::failure_of(audited(other), AssessedOffice::no_source(), "no longer as it was issued") ==
        Category::refused);
}

TEST_CASE("too few bits: the batch is issued, no test is run, and both say so") {
  const AssessedOffice office;
  std::vector<std::string> told;
  IssueServices services = AssessedOffice::services();
  services.notice = [&](const std::string& words) { told.push_back(words); };
  const IssueResult result = issue(audited(office, 52), services);  // 19,968 bits
  CHECK(is_said(told, "ran no test: 19968 bits are too few"));
  CHECK(result.audit->says.verdict() == AuditOutcome::not_run);
  const VerifyReport report = office.verify("perso.key");
  CHECK(report.valid());
  CHECK(report.audit_made_again);
  CHECK(is_said(report.certificate.notices, "ran no test"));
  CHECK(is_said(report.checks, "says NOT RUN (sanity, not proof)"));
  const KeyAuditRecord record =
      read_key_audit(read_text_file(result.directory / result.audit->name, largest_key_audit));
  for (const KeyAuditSuite& suite : record.suites)
    for (const KeyAuditTest& test : suite.tests)
      CHECK(test.needed_bits.value_or(0) >= stats::least_bits_for_outcomes);
}

TEST_CASE("keys of a source that repeats itself pass every health test, FAIL their audit, and are burned") {
  const AssessedOffice office;
  IssueRequest request = office.request();
  request.keys_per_sim = 500;
  request.key_bytes = 17;  // an odd length: no two keys lie at the same place of the repeated output
  const IssueResult good = issue(request, services_of_scratched(std::size_t{1} << 22));
  const Json statement = Json::parse(test::unseal_body(good, request));
  const auto block_bytes = statement["predicate"]["extraction"]["input_bits"].get<std::size_t>() / 8;

  IssueRequest bad = request;
  bad.order.id = "o2";
  bad.top_up = true;
  bad.directory = office.path("bad");
  bad.audit = true;
  // From one block to the next the raw samples are the same ones, and so is the output. Nothing else notices.
  CHECK(test::failure_of(bad, services_of_scratched(block_bytes), "FAIL their own audit (") == Category::health);
  CHECK(test::failure_of(bad, services_of_scratched(block_bytes), "; 3 blocks burned, no file was written") ==
        Category::health);
  CHECK_FALSE(fs::exists(office.path("bad")));
  CHECK(office.is_tidy());
  const auto ledger = open_ledger(office.file("ledger.db"), {});
  CHECK(std::ranges::count(ledger->batches(), BatchState::burned, &BatchRecord::state) == 2);
  // A source that is mended issues the same order.
  CHECK(issue(bad, services_of_scratched(std::size_t{1} << 22)).audit->says.fail == 0);
}

TEST_CASE("an alarm before the end leaves no record either") {
  const AssessedOffice office;
  CHECK(test::failure_of(audited(office), AssessedOffice::services("sim:homodyne?seed=1&fault=dead@1071440"),
                         "3 blocks burned") == Category::health);
  CHECK_FALSE(fs::exists(office.path("out")));
  CHECK(office.is_tidy());
}

TEST_CASE("the audit of keys does not depend on how they come, and its first bits are bounded") {
  const auto bytes = test::random_bytes(260'000, 3);
  const KeyAudit::Result whole = audit_of(bytes, bytes.size());
  CHECK(summary_of(whole.record).verdict() == AuditOutcome::pass);
  CHECK(summary_of(whole.record).judged() > 35);
  CHECK_FALSE(difference_of(whole.record, audit_of(bytes, 16).record));
  CHECK_FALSE(difference_of(whole.record, audit_of(bytes, 4097).record));
  CHECK(whole.record.suites.front().sequences == 2);
  CHECK(first_bits_of(most_first_bits + 8) == most_first_bits);
  CHECK(first_bits_of(8) == 8);
  CHECK(key_audit_seconds(8) == 0);
  CHECK(key_audit_seconds(10 * most_first_bits) > key_audit_seconds(most_first_bits));
}

TEST_CASE("keys that lean: a little is RETEST, more is FAIL, and the worst test is named") {
  const KeyAudit::Result retest = audit_of(leaning(125'000, 2'600), 1000);
  CAPTURE(worst_of(retest.verdict));
  CHECK(summary_of(retest.record).verdict() == AuditOutcome::retest);
  CHECK(retest.verdict.outcome == AuditOutcome::retest);
  const KeyAudit::Result fail = audit_of(leaning(125'000, 5'000), 1000);
  CHECK(summary_of(fail.record).verdict() == AuditOutcome::fail);
  CHECK_THAT(worst_of(fail.verdict), Catch::Contains(", adjusted p ") && Catch::Contains("e-"));
  CHECK(summary_of(audit_of(std::vector<std::byte>(30'000), 1000).record).verdict() == AuditOutcome::fail);
}

TEST_CASE("a hostile text is no audit: bounded in length and depth, in one spelling") {
  const std::string honest = record_text(audit_of(test::random_bytes(2'600, 3), 100).record);
  REQUIRE_NOTHROW(read_key_audit(honest));
  std::string deep = "{\"schema\":\"lightseed/key-audit/v1\",\"audit\":";
  for (int k = 0; k < 30'000; ++k)
    deep += '[';
  std::string twice = honest;
  twice.replace(twice.find("\"verdict\""), 0, "\"verdict\": \"pass\",\n  ");
  for (const std::string& text :
       {std::string(), std::string("null"), std::string("[]"), std::string("{}"), deep, twice, honest + "\n",
        "\xEF\xBB\xBF" + honest, honest + std::string(largest_key_audit, ' '), Json::parse(honest).dump()}) {
    CAPTURE(text.substr(0, 60));
    CHECK(category_of([&] { (void)read_key_audit(text); }) == Category::verdict);
  }
}

TEST_CASE("the audit's file: missing, altered, exchanged, a link or one too many is a fault, in a clear sentence") {
  Liar liar;
  const std::string honest = read_text_file(liar.file(), largest_key_audit);
  REQUIRE(liar.faults().empty());
  fs::remove(liar.file());
  CHECK(is_said(liar.faults(), "audit.json is missing"));
  for (const std::string& other : {honest + " ", honest.substr(1), std::string()}) {
    std::ofstream(liar.file(), std::ios::trunc) << other;
    CHECK(is_said(liar.faults(), "audit.json was changed"));
  }
  std::string flipped = honest;
  flipped.replace(flipped.find("\"pass\""), 6, "\"fail\"");
  std::ofstream(liar.file(), std::ios::trunc) << flipped;
  CHECK(is_said(liar.faults(), "audit.json was changed"));

  const Liar other;
  fs::copy_file(other.file(), liar.file(), fs::copy_options::overwrite_existing);
  CHECK(is_said(liar.faults(), "audit.json was changed"));
  fs::remove(liar.file());
  std::ofstream(liar.office().path("elsewhere.json")) << honest;
  fs::create_symlink(liar.office().path("elsewhere.json"), liar.file());
  CHECK(is_said(liar.faults(), "audit.json is no regular file"));
  fs::remove(liar.file());
  std::ofstream(liar.file()) << honest;
  REQUIRE(liar.faults().empty());
  // Another batch's lies beside it; and one where the certificate names none.
  fs::copy_file(other.file(), liar.file().parent_path() / other.file().filename());
  CHECK(is_said(liar.faults(), "does not belong to the batch"));
  fs::remove(liar.file().parent_path() / other.file().filename());
  liar.statement_["predicate"].erase("audit");
  liar.seal_statement();
  CHECK(is_said(liar.faults(), "audit.json does not belong to the batch"));
  fs::remove(liar.file());
  CHECK(liar.faults().empty());  // a batch without an audit; docs/threat-model.md says so
}

TEST_CASE("who holds the signer's key: a record that the certificate does not follow from is a fault") {
  Liar liar;
  liar.put();
  REQUIRE(liar.faults("perso.key").empty());
  SECTION("another batch's record, sealed into this one") {
    const Liar other;
    liar.record_ = other.record_;
    liar.put();
    CHECK(is_said(liar.faults(), "audit.json is of batch "));
  }
  SECTION("the record says more than the certificate, or less") {
    liar.record_["audit"]["suites"][0]["tests"][0]["outcome"] = "retest";
    liar.record_["audit"]["verdict"] = "retest";
    liar.put();
    CHECK(is_said(liar.faults(), "does not come to what the certificate says"));
  }
  SECTION("the certificate's verdict is turned") {
    liar.statement_["predicate"]["audit"]["verdict"] = "retest";
    liar.put();
    CHECK(is_said(liar.faults(), "audit.verdict"));
  }
  SECTION("the record's verdict is turned") {
    liar.record_["audit"]["verdict"] = "retest";
    liar.put();
    CHECK(is_said(liar.faults(), "audit.json is no audit of keys: audit.verdict"));
  }
  SECTION("a test is hidden, and counted as hidden") {
    Json& tests = liar.record_["audit"]["suites"][0]["tests"];
    REQUIRE(tests[0]["outcome"] == "pass");
    tests.erase(0);
    Json& counts = liar.statement_["predicate"]["audit"]["tests"];
    counts["pass"] = counts["pass"].get<int>() - 1;
    liar.put();
    CHECK(liar.faults().empty());  // only a key can tell
    CHECK(is_said(liar.faults("perso.key"), "made again on the opened keys, the audit does not say what"));
  }
  SECTION("outcomes that no key here gave") {
    liar.record_["audit"]["suites"][0]["tests"][0]["outcome"] = "retest";
    liar.record_["audit"]["verdict"] = "retest";
    Json& audit = liar.statement_["predicate"]["audit"];
    audit["tests"]["pass"] = audit["tests"]["pass"].get<int>() - 1;
    audit["tests"]["retest"] = 1;
    audit["verdict"] = "retest";
    liar.put();
    CHECK(liar.faults().empty());
    CHECK(is_said(liar.office().verify().certificate.notices, "RETEST (sanity, not proof)"));
    CHECK(is_said(liar.faults("auc.key"), "sp800-22 frequency is PASS, not RETEST"));
  }
  SECTION("a FAIL is certified") {
    liar.record_["audit"]["suites"][0]["tests"][0]["outcome"] = "fail";
    liar.record_["audit"]["verdict"] = "fail";
    Json& audit = liar.statement_["predicate"]["audit"];
    audit["tests"]["pass"] = audit["tests"]["pass"].get<int>() - 1;
    liar.put();
    CHECK(is_said(liar.faults(), "does not come to what the certificate says"));
    audit["tests"]["fail"] = 1;
    audit["verdict"] = "fail";
    liar.put();
    CHECK_FALSE(liar.faults().empty());
  }
  SECTION("a text that is no record") {
    for (const char* const text : {"{}\n", "[[[[[[[[[[[[", "keys for everybody\n"}) {
      liar.put(text);
      CHECK(is_said(liar.faults(), "audit.json is no audit of keys: "));
    }
  }
  SECTION("as long as somebody liked") {
    liar.put(std::string(3 << 20, ' '));
    CHECK_FALSE(liar.faults().empty());
  }
}

TEST_CASE("an audited batch that is destroyed leaves certificate and record") {
  const AssessedOffice office;
  const IssueRequest request = audited(office);
  const IssueResult issued = issue(request, AssessedOffice::services());
  const auto ledger = open_ledger(office.file("ledger.db"), {.mode = LedgerAccess::Mode::issue});
  (void)destroy_batch({.directory = issued.directory,
                       .record = office.path("destroyed.json"),
                       .reason = "test",
                       .now = std::time(nullptr)},
                      TrustAnchor(request.signer.certificate()), request.signer, *ledger);
  CHECK(office.entries("out") ==
        std::vector<fs::path>{issued.directory / issued.audit->name, issued.directory / issued.certificate});
}

TEST_CASE("a golden batch with its audit verifies for ever, and the audit made again says the same") {
  const fs::path golden = fs::path(test::data_folder()) / "golden";
  const test::Scratch scratch;
  for (const char* const name : {"card_ec.key", "network_rsa.key"}) {
    // git keeps no mode that a key file may have.
    fs::copy_file(golden / "edition_1" / name, scratch / name);
    fs::permissions(scratch / name, fs::perms::owner_read | fs::perms::owner_write);
    VerifyRequest request;
    request.policy.allow_test = true;
    request.key = RecipientKey::read((scratch / name).string());
    const VerifyReport report = verify(golden / "edition_2" / "audited",
                                       TrustAnchor::read((golden / "edition_1" / "signer.crt").string()), request);
    CHECK(report.faults == std::vector<std::string>{});
    CHECK(report.valid());
    CHECK(report.audit_made_again);
    REQUIRE(report.certificate.batch.audit);
    CHECK(report.certificate.batch.audit->says.verdict() == AuditOutcome::pass);
    CHECK(report.certificate.batch.audit->says.bits == 103'680);
  }
}

TEST_CASE("a rehearsal counts the record and its time") {
  const AssessedOffice office;
  const IssuePlan plain = rehearse(office.request(), AssessedOffice::services());
  CHECK_FALSE(plain.audit);
  IssueRequest request = audited(office, 1'000'000);
  const IssuePlan plan = rehearse(request, AssessedOffice::services());
  REQUIRE(plan.audit);
  CHECK(plan.audit->files == 1);
  CHECK(plan.audit->bits == 3 * 128'000'000);
  CHECK(plan.audit->first_bits == most_first_bits);
  CHECK(plan.audit->seconds > 1);
  request.audit = false;
  CHECK(plan.bytes_needed == rehearse(request, AssessedOffice::services()).bytes_needed + plan.audit->bytes_at_most);
  const PlannedAudit parts = planned_audit(3 * 128'000'000, 3);
  CHECK(parts.files == 3);
  CHECK(parts.first_bits == 3 * most_first_bits);
}

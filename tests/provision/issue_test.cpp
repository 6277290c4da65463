// SPDX-License-Identifier: Apache-2.0
#include "provision/issue.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <ctime>
#include <fstream>

#include "core/atomic_file.h"
#include "core/error.h"
#include "crypto/dsse.h"
#include "driver/simulated/models.h"
#include "pipeline/calibrate.h"
#include "pipeline/calibrated_source.h"
#include "provision/ledger/ledger.h"
#include "provision/policy.h"
#include "provision/verify.h"
#include "tests/provision/assessed_office.h"
#include "tests/provision/is_believed.h"

using namespace lightseed;
using test::AssessedOffice;
using test::failure_of;
using test::unseal_body;
namespace fs = std::filesystem;

namespace {

/// The same of a statement.
bool is_believed(const Json& statement) {
  return test::is_believed(statement.dump(1) + "\n");
}

}  // namespace

TEST_CASE("an issued batch verifies, without keys and with either side's") {
  const AssessedOffice office;
  const IssueResult result = issue(office.request(), AssessedOffice::services());
  CHECK(result.purpose == "TEST");
  CHECK(result.key_bytes == 3 * 10 * 16);
  CHECK(office.entries("out").size() == 3);
  CHECK(office.is_tidy());

  const VerifyReport plain = office.verify();
  CHECK(plain.faults.empty());
  CHECK(plain.certificate.batch.provenance == Provenance::simulated);
  CHECK(plain.certificate.batch.merkle_root == result.merkle_root);
  for (const auto& [key, side] : {std::pair("perso.key", "card"), std::pair("auc.key", "network")}) {
    const VerifyReport opened = office.verify(key);
    CHECK(opened.faults.empty());
    CHECK(opened.opened_outlet == side);
    CHECK(opened.blocks_opened == 3);
  }
  const VerifyReport foreign = office.verify("signer.key");
  REQUIRE(foreign.faults.size() == 1);
  CHECK_THAT(foreign.faults[0], Catch::Contains("first see that the key is the one this batch was made for") &&
                                    Catch::Contains("the card side for") && Catch::Contains("the network side for"));
  CHECK_THROWS_AS(lightseed::verify(office.path("out"), TrustAnchor::read(office.file("perso.crt"))), Error);
}

TEST_CASE("a simulated source carries its banner and purpose; the certificate has every field") {
  const AssessedOffice office;
  const IssueResult result = issue(office.request(), AssessedOffice::services());
  const Json envelope = Json::parse(read_text_file(result.directory / result.certificate, 1 << 20));
  CHECK(envelope["payloadType"] == "application/vnd.in-toto+json");
  CHECK(purpose_of(Provenance::simulated) == std::string("TEST"));
  CHECK(purpose_of(Provenance::recorded) == std::string("TEST"));
  CHECK(purpose_of(Provenance::hardware) == std::string("PRODUCTION"));
}

TEST_CASE("keys from behind a DRBG say so, and the verifier works out what they took") {
  for (const Construction construction : {Construction::rbg3_xor, Construction::rbg3_rs, Construction::rbg2}) {
    CAPTURE(name_of(construction));
    const AssessedOffice office;
    IssueRequest request = office.request();
    request.keys_per_sim = 7;  // 112 bytes: no whole number of 32-byte pieces
    request.expansion = {.construction = construction, .bytes_per_seed = 100};
    const IssueResult result = issue(request, AssessedOffice::services());
    CHECK(office.verify("perso.key").faults.empty());
    const Json honest = Json::parse(unseal_body(result, request));
    CHECK(honest["predicate"]["expansion"] == to_json(RandomBits::record_of(request.expansion, 3 * 7 * 16)));
    for (const auto& [where, lie] :
         std::vector<std::pair<const char*, Json>>{{"/predicate/expansion/mode", "none"},
                                                   {"/predicate/expansion/bytes", 1},
                                                   {"/predicate/expansion/full_entropy_bytes", 1},
                                                   {"/predicate/expansion/reseeds", 100},
                                                   {"/predicate/rules/expansion", "better than ever"}}) {
      CAPTURE(where);
      Json told = honest;
      told[Json::json_pointer(where)] = lie;
      CHECK(!is_believed(told));
    }
    // The same call again is the same order; another mode is not.
    CHECK(issue(request, AssessedOffice::services()).already_issued);
    request.expansion.construction = Construction::full_entropy;
    CHECK(failure_of(request, AssessedOffice::services()) == Category::refused);
  }
}

TEST_CASE(
    "a calibrated source's certificate says which calibration, and whether its claim counts; policy need not agree") {
  const std::time_t now = std::time(nullptr);
  SourceRegistry sources;
  simulated::add_models(sources);
  const auto unit = sources.open("sim:homodyne?seed=8");
  const CalibrationRecord record = calibrate(*unit, {.samples = 1 << 19, .now = now - 7200});
  for (const bool binds : {false, true}) {
    CAPTURE(binds);
    const AssessedOffice office;
    IssueRequest request = office.request();
    request.calibration_binds = binds;
    IssueServices services = AssessedOffice::services();
    services.open_source = [&]() -> std::unique_ptr<Source> {
      return std::make_unique<CalibratedSource>(
          sources.open("sim:homodyne?seed=1"),
          Calibration{.path = "lab", .sha256 = std::string(64, 'c'), .record = record, .signer = "nobody"}, now);
    };
    const IssueResult result = issue(request, services);
    const std::string body = unseal_body(result, request);
    const CertificateReading reading = read_certificate(body);
    CHECK(reading.faults == std::vector<std::string>{});
    CHECK(std::any_of(reading.notices.begin(), reading.notices.end(),
                      [](const std::string& notice) { return notice.find("2.0 hours before") != std::string::npos; }));
    CHECK(refusals({.allow_test = true}, reading).empty() == !binds);
    CHECK(refusals({.bindings = {"lower", "calibrated-model"}, .allow_test = true}, reading).empty());
    const Json honest = Json::parse(body);
    for (const auto& [where, lie] : std::vector<std::pair<const char*, Json>>{
             {"/predicate/source/claim/details/calibration/valid_until", "2020-01-01T00:00:00Z"},
             {"/predicate/source/claim/details/calibration/bits_per_sample", 2},
             {"/predicate/source/claim/details/calibration/monitors", Json::array()},
             {"/predicate/entropy/binding", {{"binds", binds ? "lower" : "calibrated-model"}, {"why", "so"}}},
             {"/predicate/rules/min_entropy", "h is what it is."},
             {"/predicate/health/tests/2/readings/high", 1e6}}) {
      CAPTURE(where);
      Json told = honest;
      told[Json::json_pointer(where)] = lie;
      CHECK(!is_believed(told));
    }
  }
}

TEST_CASE("a certificate says how the source was looked at in the dark, and no lie about it is believed") {
  const std::time_t now = std::time(nullptr);
  SourceRegistry sources;
  simulated::add_models(sources);
  const auto unit = sources.open("sim:homodyne?seed=8");
  const CalibrationRecord record = calibrate(*unit, {.samples = 1 << 19, .now = now - 7200});
  const AssessedOffice office;
  const IssueRequest request = office.request();
  IssueServices services = AssessedOffice::services();
  std::string fault;
  services.open_source = [&]() -> std::unique_ptr<Source> {
    return std::make_unique<CalibratedSource>(
        sources.open("sim:homodyne?seed=1" + fault),
        Calibration{.path = "lab", .sha256 = std::string(64, 'c'), .record = record, .signer = "nobody"}, now, 1 << 20);
  };
  // A laser that is lost behind gain control: no keys.
  fault = "&fault=agc_mask@0";
  CHECK(failure_of(request, services, "dark-variance") == Category::health);
  fault.clear();
  const IssueResult result = issue(request, services);
  const std::string body = unseal_body(result, request);
  CHECK(read_certificate(body).faults == std::vector<std::string>{});
  const Json honest = Json::parse(body);
  const Json& tests = honest["predicate"]["health"]["tests"];
  REQUIRE(tests.size() == 14);
  CHECK(tests[11]["id"] == "dark-mean");
  CHECK(tests[11]["readings"]["checks"].get<unsigned>() >= 2);
  Json without = tests;
  without.erase(13);
  Json none = tests;
  none.erase(none.begin() + 11, none.end());
  const std::string dark = "/predicate/source/claim/details/calibration/dark_check";
  for (const auto& [where, lie] :
       std::vector<std::pair<std::string, Json>>{{dark, nullptr},
                                                 {dark + "/every", 1 << 19},
                                                 {dark + "/every", 1.5},
                                                 {dark + "/variance", 100},
                                                 {dark + "/samples", 1e30},
                                                 {dark + "/lit_variance", 100},
                                                 {dark + "/note", "well"},
                                                 {"/predicate/health/tests", without},
                                                 {"/predicate/health/tests", none},
                                                 {"/predicate/health/tests/12/readings/high", 1e6},
                                                 {"/predicate/health/tests/12/readings/highest", 1e6},
                                                 {"/predicate/health/tests/13/readings/checks", 1},
                                                 {"/predicate/health/tests/13/readings/longest", 0},
                                                 {"/predicate/health/start_up_tests_passed", 7}}) {
    CAPTURE(where, lie);
    Json told = honest;
    told[Json::json_pointer(where)] = lie;
    CHECK(!is_believed(told));
  }
}

TEST_CASE("the extractor's seed may come from a second source too: charged, recorded, verified") {
  const AssessedOffice office;
  IssueRequest request = office.request();
  request.seed_source = "sim:homodyne?seed=2";
  IssueServices services = AssessedOffice::services();
  services.open_seed_source = AssessedOffice::services(request.seed_source).open_source;
  const IssueResult result = issue(request, services);
  CHECK(office.verify("perso.key").faults.empty());
  const Json honest = Json::parse(unseal_body(result, request));
  const Json& extraction = honest["predicate"]["extraction"];
  CHECK(extraction["seed"]["origin"] == "second-source");
  CHECK(extraction["seed"]["log2_epsilon"] == -80.0);
  CHECK(extraction["epsilon"]["charges"].size() == 2);
  for (const auto& [where, lie] : std::vector<std::pair<const char*, Json>>{
           {"/predicate/extraction/seed/source", honest["predicate"]["source"]["uri"]},
           {"/predicate/extraction/seed/source", "pool:usb:quantis/A,usb:quantis/B"},
           {"/predicate/extraction/seed/source", ""},
           {"/predicate/extraction/seed/origin", "operating-system"},
           {"/predicate/extraction/seed/log2_epsilon", -64.5},
           {"/predicate/extraction/seed/log2_epsilon", nullptr}}) {
    CAPTURE(where, lie);
    Json told = honest;
    told[Json::json_pointer(where)] = lie;
    CHECK(!is_believed(told));
  }
  // Another source of the seed is another request.
  CHECK(issue(request, services).already_issued);
  request.seed_source = "sim:homodyne?seed=3";
  CHECK(failure_of(request, services, "the source of the extractor's seed") == Category::refused);
}

TEST_CASE("a seed source that is the keys' source, or nobody knows, is refused before a key is made") {
  const AssessedOffice office;
  IssueRequest request = office.request();
  request.seed_source = "sim:homodyne?seed=1";
  IssueServices services = AssessedOffice::services();
  services.open_seed_source = services.open_source;
  CHECK(failure_of(request, services, "cannot give the seed") == Category::refused);
  CHECK(!fs::exists(office.path("out")));
}

TEST_CASE("a statement that lies about itself has faults") {
  const AssessedOffice office;
  const IssueRequest request = office.request();
  const IssueResult result = issue(request, AssessedOffice::services());
  const Json honest = Json::parse(unseal_body(result, request));
  const std::pair<const char*, Json> lies[] = {{"/predicate/purpose", "PRODUCTION"},
                                               {"/predicate/banner", ""},
                                               {"/predicate/source/provenance", "hardware"},
                                               {"/predicate/batch/sims", 30},
                                               {"/predicate/batch/keys_per_sim", 1'000'000},
                                               {"/predicate/keys/merkle/leaves", 4},
                                               {"/predicate/expansion/mode", "drbg"},
                                               {"/predicate/protection/files/0/name", "../x"},
                                               {"/predicate/protection/files/0/outlet", "both"},
                                               {"/predicate/protection/files/0/blocks", 1},
                                               {"/predicate/extraction/bits_per_sample", 7}};
  CHECK(read_certificate(honest.dump(1) + "\n").faults.empty());
  for (const auto& [where, lie] : lies) {
    CAPTURE(where);
    Json told = honest;
    REQUIRE(told.contains(Json::json_pointer(where)));
    told[Json::json_pointer(where)] = lie;
    CHECK(!is_believed(told));
  }
  for (const char* const text : {"", "{}", "[]", "null", R"({"_type":"x","predicateType":"y"})"}) {
    CHECK_THROWS_AS(read_certificate(text), Error);
  }
}

TEST_CASE("a flipped byte in any file, a missing file or a stray one is found") {
  const AssessedOffice office;
  (void)issue(office.request(), AssessedOffice::services());
  for (const fs::path& path : office.entries("out")) {
    const std::string content = read_text_file(path, 1 << 20);
    // A digest sees every byte alike, and every byte of a seal is tested beside DSSE.
    const std::size_t step = content.size() / 61 + 1;
    for (std::size_t at = 0; at < content.size(); at += step) {
      std::string changed = content;
      changed[at] = static_cast<char>(changed[at] ^ 1);
      std::ofstream(path, std::ios::binary) << changed;
      bool found = false;
      try {
        found = !office.verify().faults.empty();
      } catch (const Error& e) {
        found = e.category() == Category::verdict;
      }
      if (!found) FAIL(path.string() << " byte " << at);
    }
    std::ofstream(path, std::ios::binary) << content;
    REQUIRE(office.verify().faults.empty());
  }
  std::ofstream(office.path("out") / "stray") << "x";
  CHECK(office.verify().faults.size() == 1);
  fs::remove(office.path("out") / "stray");
  fs::remove(office.entries("out")[0]);
  CHECK(!office.verify().faults.empty());
}

TEST_CASE("the same order again finds the same files; anything else is refused; nothing is generated twice") {
  const AssessedOffice office;
  const IssueResult first = issue(office.request(), AssessedOffice::services());
  const IssueServices no_source = AssessedOffice::no_source();
  const IssueResult again = issue(office.request(), no_source);
  CHECK(again.already_issued);
  CHECK(again.batch == first.batch);
  CHECK(again.merkle_root == first.merkle_root);
  CHECK(again.files.size() == first.files.size());

  IssueRequest more = office.request();
  more.keys_per_sim = 11;
  CHECK(failure_of(more, no_source, "differs from that one in the number of keys for each SIM") == Category::refused);
  CHECK(failure_of(office.request("o1", "elsewhere"), no_source, "its files are in") == Category::refused);
  std::ofstream(office.entries("out")[0], std::ios::app) << "x";
  CHECK(failure_of(office.request(), no_source, "no longer as it was issued") == Category::refused);
  // Another order id for the same SIMs is a top-up, in a directory of its own.
  IssueRequest top_up = office.request("o2");
  top_up.top_up = true;
  CHECK(failure_of(top_up, no_source, "not an empty directory") == Category::io);
  top_up.directory = office.path("top-up");
  CHECK(issue(top_up, AssessedOffice::services()).batch != first.batch);
}

TEST_CASE("a health alarm in the middle burns the blocks and leaves no file; the order can be issued later") {
  const AssessedOffice office;
  for (const char* const fault : {"stuck@1071440", "bias@1071440", "dead@1071440"}) {
    CHECK(failure_of(office.request(), AssessedOffice::services(std::string("sim:homodyne?seed=1&fault=") + fault),
                     "3 blocks burned") == Category::health);
    CHECK(!fs::exists(office.path("out")));
    CHECK(office.is_tidy());
  }
  // One that strikes before anything was begun leaves the ledger alone.
  CHECK(failure_of(office.request(), AssessedOffice::services("sim:homodyne?seed=1&fault=dead")) == Category::health);
  const auto ledger = open_ledger(office.file("ledger.db"), {});
  CHECK(ledger->batches().size() == 3);
  for (const BatchRecord& batch : ledger->batches())
    CHECK(batch.state == BatchState::burned);
  CHECK(!issue(office.request(), AssessedOffice::services()).already_issued);
}

TEST_CASE("an interruption burns and cleans up") {
  const AssessedOffice office;
  std::stop_source stop;
  IssueServices services = AssessedOffice::services();
  services.stop = stop.get_token();
  services.assess = [&](auto, auto) {
    stop.request_stop();
    return MinEntropy{
        .bits_per_sample = 6.2, .basis = MinEntropy::Basis::measured, .method = "test", .assumptions = {}};
  };
  CHECK(failure_of(office.request(), services, "blocks burned") == Category::interrupted);
  CHECK(!fs::exists(office.path("out")));
  CHECK(office.is_tidy());
}

TEST_CASE("sizes out of range and a missing parent directory are refused before anything happens") {
  const AssessedOffice office;
  IssueRequest request = office.request();
  request.key_bytes = 15;
  CHECK(failure_of(request, AssessedOffice::services()) == Category::usage);
  request = office.request();
  request.keys_per_sim = 0;
  CHECK(failure_of(request, AssessedOffice::services()) == Category::usage);
  request.keys_per_sim = 5'000'000;
  CHECK(failure_of(request, AssessedOffice::services()) == Category::usage);
  request = office.request();
  request.directory = office.path("no") / "where";
  CHECK(failure_of(request, AssessedOffice::services()) == Category::io);
  CHECK(!fs::exists(office.path("out")));
}

TEST_CASE("large orders are spread over files, each side with all blocks") {
  const AssessedOffice office;
  IssueRequest request = office.request();
  request.keys_per_sim = 600'000;  // 9.6 MB a block: one a file
  const IssueResult result = issue(request, AssessedOffice::services());
  CHECK(result.files.size() == 6);
  const VerifyReport report = office.verify("auc.key");
  CHECK(report.faults.empty());
  CHECK(report.blocks_opened == 3);
}

// SPDX-License-Identifier: Apache-2.0
// Lies that a trusted signer seals and puts beside the real key files: the whole of `batch verify` reads them, as it
// reads any batch. What the certificate cannot be held against, the files and a recipient's key can.
#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>
#include <string>
#include <string_view>

#include "core/byte_views.h"
#include "crypto/digest.h"
#include "provision/issue.h"
#include "tests/attacks/mutations.h"
#include "tests/provision/assessed_office.h"

using namespace lightseed;
namespace fs = std::filesystem;

namespace {

/// A batch and the signer's key in the hands of a liar.
class Forger {
 public:
  explicit Forger(bool audited = false)
      : request_(audited ? audited_request() : office_.request()),
        issued_(issue(request_, test::AssessedOffice::services())) {
    honest_ = Json::parse(test::unseal_body(issued_, request_));
    verify_.policy.allow_test = true;
  }

  [[nodiscard]] const Json& honest() const { return honest_; }
  [[nodiscard]] fs::path file(const std::string& name) const { return issued_.directory / name; }
  [[nodiscard]] std::string key_file(std::size_t number) const { return issued_.files.at(number).name; }

  /// From now on the verifier has a recipient's key.
  void give_key() { verify_.key = RecipientKey::read(office_.file("perso.key")); }

  /// Seals `body` and asks the verifier.
  [[nodiscard]] bool is_valid(const std::string& body) const {
    std::ofstream(file(issued_.certificate), std::ios::trunc) << seal(certificate_payload_type, body, request_.signer);
    try {
      return verify(issued_.directory, TrustAnchor(request_.signer.certificate()), verify_).valid();
    } catch (const Error& error) {
      CHECK(error.category() == Category::verdict);
      return false;
    }
  }
  [[nodiscard]] bool is_valid(const Json& statement) const { return is_valid(statement.dump(1) + "\n"); }

 private:
  test::AssessedOffice office_;
  IssueRequest request_;
  IssueResult issued_;
  Json honest_;
  VerifyRequest verify_;

  [[nodiscard]] IssueRequest audited_request() const {
    IssueRequest request = office_.request();
    request.audit = true;
    request.keys_per_sim = 60;  // enough bits for some tests
    return request;
  }
};

/// Beside the certificate's own members, which a key cannot help either.
constexpr std::string_view free_with_files[] = {
    "/predicate/source/claim/method",      "/predicate/source/claim/assumptions",
    "/predicate/source/claim/details",     "/predicate/source/claim/bits_per_sample",
    "/predicate/entropy/assessed_sha256",  "/predicate/health/alpha_log2",
    "/predicate/health/start_up_samples",  "/predicate/health/tests/2/readings/",
    "/predicate/health/tests/3/readings/", "/predicate/health/tests/4/readings/",
    "/predicate/health/tests/5/readings/", "/predicate/health/tests/6/readings/",
    "/predicate/health/tests/7/readings/", "/predicate/health/tests/8/readings/",
    "/predicate/health/tests/9/readings/", "/predicate/health/tests/10/readings/",
    "/predicate/health/samples_discarded", "/predicate/extraction/seed/sha256",
    "/predicate/protection/recipients/",   "/predicate/ledger/position/"};

/// What files and a key settle, though the certificate alone leaves it to the signer.
constexpr std::string_view settled_by_key[] = {"/subject/",
                                               "/predicate/batch/id",
                                               "/predicate/batch/key_bytes",
                                               "/predicate/batch/keys_per_sim",
                                               "/predicate/protection/files/",
                                               "/predicate/protection/signer/",
                                               "/predicate/keys/merkle/root"};

bool is_settled(std::string_view member) {
  return std::ranges::any_of(settled_by_key, [&](std::string_view prefix) { return member.starts_with(prefix); });
}

/// What came out as VALID once (docs/threat-model.md begins where this ends).
struct Lie {
  const char* name;
  void (*tell)(Json& statement);
};

Json& predicate(Json& statement) {
  return statement["predicate"];
}

constexpr Lie lies_of_old[] = {
    {"simulated data for production",
     [](Json& s) {
       predicate(s)["purpose"] = "PRODUCTION";
       predicate(s).erase("banner");
       predicate(s)["source"]["provenance"] = "hardware";
       predicate(s)["limits"].erase(0);
     }},
    {"estimators that did not run",
     [](Json& s) {
       Json& details = predicate(s)["entropy"]["measured"]["details"];
       for (Json& estimator : details["estimators"])
         estimator["not_run"] = "-";
       details["h_original"] = nullptr;
       details["h_bitstring"] = nullptr;
       details["min_entropy"] = 8.0;
       predicate(s)["entropy"]["measured"]["bits_per_sample"] = 8.0;
     }},
    {"16 bits in samples of 8",
     [](Json& s) {
       for (Json* claim : {&predicate(s)["source"]["claim"], &predicate(s)["entropy"]["measured"]})
         (*claim)["bits_per_sample"] = 16.0;
     }},
    {"2^60 keys for a SIM", [](Json& s) { predicate(s)["batch"]["keys_per_sim"] = (std::uint64_t{1} << 60) + 10; }},
    {"blocks that add up modulo 2^64",
     [](Json& s) {
       predicate(s)["protection"]["files"][0]["blocks"] = ~std::uint64_t{0};
       predicate(s)["protection"]["files"].push_back(predicate(s)["protection"]["files"][0]);
       predicate(s)["protection"]["files"].back()["blocks"] = 4;
     }},
    {"keys of one byte", [](Json& s) { predicate(s)["batch"]["key_bytes"] = 1; }},
    {"3.9 SIMs", [](Json& s) { predicate(s)["batch"]["sims"] = 3.9; }},
    {"a limit of 2^-1 for epsilon",
     [](Json& s) {
       predicate(s)["extraction"]["log2_epsilon_limit"] = -1.0;
       predicate(s)["extraction"]["epsilon"]["limit_log2"] = -1.0;
     }},
    {"health tests that never fire", [](Json& s) { predicate(s)["health"]["alpha_log2"] = -900.0; }},
    {"health tests that always fire", [](Json& s) { predicate(s)["health"]["alpha_log2"] = -1.0; }},
    {"blocks of 2^40 bits", [](Json& s) { predicate(s)["extraction"]["input_bits"] = std::uint64_t{1} << 40; }},
    {"fewer raw bytes than were assessed", [](Json& s) { predicate(s)["source"]["raw_bytes"] = 16384; }},
    {"no start-up test", [](Json& s) { predicate(s)["health"]["start_up_tests_passed"] = 0; }},
    {"a seed of one bit", [](Json& s) { predicate(s)["extraction"]["seed"]["bits"] = 1; }},
    {"another extractor", [](Json& s) { predicate(s)["extraction"]["extractor"] = "von-neumann"; }},
    {"duplicate keys, and said so", [](Json& s) { predicate(s)["keys"]["duplicate_scan"]["duplicates"] = 5; }},
    {"no limits", [](Json& s) { predicate(s)["limits"] = Json::array(); }},
    {"a limit that is praise", [](Json& s) { predicate(s)["limits"].push_back("FIPS 140-3 validated"); }},
    {"an accreditation", [](Json& s) { predicate(s)["accreditation"] = "GSMA SAS"; }},
    {"no order", [](Json& s) { predicate(s)["batch"].erase("order"); }},
    {"another signer",
     [](Json& s) { predicate(s)["protection"]["signer"]["certificate_sha256"] = std::string(64, 'a'); }},
    {"created in ten years", [](Json& s) { predicate(s)["batch"]["created"] = "2036-01-01T00:00:00Z"; }},
    {"created before the signer's certificate",
     [](Json& s) { predicate(s)["batch"]["created"] = "2001-01-01T00:00:00Z"; }},
};

}  // namespace

TEST_CASE("no sealed lie is VALID but those the threat model lists, and with a recipient's key fewer") {
  Forger forger;
  REQUIRE(forger.is_valid(forger.honest()));
  forger.give_key();
  REQUIRE(forger.is_valid(forger.honest()));
  std::size_t told = 0, believed = 0;
  for (const test::Mutation& lie : test::mutations_of(forger.honest())) {
    if (lie.statement == forger.honest()) continue;
    ++told;
    if (!forger.is_valid(lie.statement)) continue;
    ++believed;
    INFO(lie.member << ": " << lie.what);
    CHECK((test::is_free(lie.member, free_with_files) || test::leaves_out_youngest_monitor(lie, forger.honest())));
    CHECK_FALSE(is_settled(lie.member));
  }
  CHECK(told > 500);
  CHECK(believed < told / 4);
}

TEST_CASE("no sealed lie about the audit of keys is VALID beside its file") {
  const Forger forger(true);
  REQUIRE(forger.is_valid(forger.honest()));
  std::size_t told = 0;
  for (const test::Mutation& lie : test::mutations_of(forger.honest())) {
    if (!lie.member.starts_with("/predicate/audit") || lie.statement == forger.honest()) continue;
    ++told;
    INFO(lie.member << ": " << lie.what);
    CHECK_FALSE(forger.is_valid(lie.statement));
  }
  CHECK(told > 60);
}

TEST_CASE("lies that were VALID once") {
  const Forger forger;
  for (const Lie& lie : lies_of_old) {
    CAPTURE(lie.name);
    Json statement = forger.honest();
    lie.tell(statement);
    REQUIRE(statement != forger.honest());
    CHECK_FALSE(forger.is_valid(statement));
  }
}

TEST_CASE("a sealed statement counts in one spelling alone") {
  const Forger forger;
  const std::string body = forger.honest().dump(1) + "\n";
  REQUIRE(forger.is_valid(body));
  const auto replaced = [&](const std::string& what, const std::string& by) {
    std::string text = body;
    text.replace(text.find(what), what.size(), by);
    return text;
  };
  for (const std::string& text :
       {"\xEF\xBB\xBF" + body, body + "\n", forger.honest().dump(), forger.honest().dump(2),
        replaced("\"purpose\": \"TEST\"", "\"purpose\": \"PRODUCTION\",\n  \"purpose\": \"TEST\""),
        replaced("\"purpose\": \"TEST\"", "\"purpose\": \"TEST\",\n  \"purpose\": \"PRODUCTION\""),
        replaced("\"purpose\"", "\"\\u0070urpose\""), replaced("\"sims\": 3", "\"sims\": 3.0"),
        replaced("\"sims\": 3", "\"sims\": 03"), replaced("\"sims\": 3", "\"sims\": 3e0")})
    CHECK_FALSE(forger.is_valid(text));
}

TEST_CASE("key files that are none are no batch, whatever digests the certificate gives") {
  const Forger forger;
  for (const std::string& content : {std::string(), std::string("keys for everybody\n"), std::string(2000, '\0')}) {
    CAPTURE(content.size());
    Json statement = forger.honest();
    std::ofstream(forger.file(forger.key_file(0)), std::ios::trunc) << content;
    statement["subject"][0]["digest"]["sha256"] = hex(sha256(bytes_of(content)));
    statement["predicate"]["protection"]["files"][0]["bytes"] = content.size();
    CHECK_FALSE(forger.is_valid(statement));
  }
}

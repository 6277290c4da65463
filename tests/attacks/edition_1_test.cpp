// SPDX-License-Identifier: Apache-2.0
// Every lie that a signer could tell in a certificate of edition 1, at every member, over the golden batches.
#include <catch2/catch.hpp>
#include <filesystem>
#include <string>
#include <string_view>

#include "core/atomic_file.h"
#include "crypto/dsse.h"
#include "crypto/trust.h"
#include "provision/certificate.h"
#include "tests/attacks/mutations.h"
#include "tests/provision/is_believed.h"
#include "tests/test_paths.h"

using namespace lightseed;
using test::is_believed;
namespace fs = std::filesystem;

namespace {

constexpr const char* batches[] = {"full_entropy", "rbg2", "rbg3_xor", "recorded"};

fs::path golden(const std::string& name) {
  return fs::path(test::data_folder()) / "golden/edition_1" / name;
}

std::string body_of(const std::string& batch) {
  for (const auto& entry : fs::directory_iterator(golden(batch))) {
    if (entry.path().extension() != ".json") continue;
    return unseal(certificate_payload_type, read_text_file(entry.path(), largest_certificate),
                  TrustAnchor::read(golden("signer.crt")),
                  {.most_bytes = largest_certificate, .malleability = Malleability::allow})
        .body;
  }
  return {};
}

constexpr std::string_view free_in_edition_1[] = {
    "/predicate/source/raw_bytes",           "/predicate/source/raw_sha256",
    "/predicate/health/recoveries",          "/predicate/extractor/seed/sha256",
    "/predicate/protection/card_recipient/", "/predicate/protection/network_recipient/"};

}  // namespace

TEST_CASE("no lie in a certificate of edition 1 is believed but those the threat model lists") {
  std::size_t tried = 0;
  for (const char* const batch : batches) {
    const std::string body = body_of(batch);
    REQUIRE(is_believed(body));
    // What differs between the batches is tried in each of them, the rest in the first.
    const auto wanted = [&](const std::string& member) {
      return batch == batches[0] || member.starts_with("/predicate/expansion") ||
             member.starts_with("/predicate/limits") || member.starts_with("/predicate/source/parameters");
    };
    tried += test::tell_lies(batch, Json::parse(body), wanted, free_in_edition_1);
  }
  CHECK(tried > 500);
}

TEST_CASE("purpose, provenance and driver of edition 1 hang together") {
  Json statement = Json::parse(body_of("full_entropy"));
  Json& predicate = statement["predicate"];
  predicate["purpose"] = "PRODUCTION";
  predicate.erase("banner");
  predicate["source"]["provenance"] = "hardware";
  predicate["limits"].erase(0);
  CHECK_FALSE(is_believed(statement.dump(1) + "\n"));  // the driver is still a simulator
}

TEST_CASE("a body of edition 1 is believed in one spelling alone") {
  const std::string body = body_of("full_entropy");
  const Json statement = Json::parse(body);
  CHECK_FALSE(is_believed(statement.dump()));
  CHECK_FALSE(is_believed(statement.dump(1)));
  CHECK_FALSE(is_believed("\xEF\xBB\xBF" + body));
  std::string doubled = body;
  doubled.replace(doubled.find("\"purpose\": \"TEST\""), 17, "\"purpose\": \"PRODUCTION\", \"purpose\": \"TEST\"");
  CHECK_FALSE(is_believed(doubled));
  std::string escaped = body;
  escaped.replace(escaped.find("\"purpose\""), 9, "\"\\u0070urpose\"");
  CHECK_FALSE(is_believed(escaped));
}

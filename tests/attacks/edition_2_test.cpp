// SPDX-License-Identifier: Apache-2.0
// Every lie that a signer could tell in a certificate of edition 2, at every member.
#include <catch2/catch.hpp>
#include <functional>
#include <string>
#include <string_view>
#include <utility>

#include "provision/issue.h"
#include "tests/attacks/mutations.h"
#include "tests/provision/assessed_office.h"
#include "tests/provision/is_believed.h"

using namespace lightseed;
using test::is_believed;

namespace {

constexpr std::string_view free_in_edition_2[] = {
    "/predicate/source/claim/method",
    "/predicate/source/claim/assumptions",
    "/predicate/source/claim/details",
    "/predicate/source/claim/bits_per_sample",  // where the measurement is lower
    "/predicate/entropy/assessed_sha256",
    "/predicate/health/alpha_log2",  // where the cut-offs come out the same
    "/predicate/health/start_up_samples",
    "/predicate/health/tests/2/readings/",
    "/predicate/health/tests/3/readings/",
    "/predicate/health/tests/4/readings/",
    "/predicate/health/tests/5/readings/",
    "/predicate/health/tests/6/readings/",
    "/predicate/health/tests/7/readings/",
    "/predicate/health/tests/8/readings/",
    "/predicate/health/tests/9/readings/",
    "/predicate/health/tests/10/readings/",
    "/predicate/health/samples_discarded",
    "/predicate/extraction/seed/sha256",
    "/predicate/protection/recipients/",
    "/predicate/ledger/position/"};

std::string body_with(const std::string& uri, Construction construction, bool audit = false) {
  const test::AssessedOffice office;
  IssueRequest request = office.request();
  request.audit = audit;
  if (audit) request.keys_per_sim = 60;  // enough bits for some tests
  if (construction != Construction::full_entropy) {
    request.expansion = {.construction = construction, .bytes_per_seed = 100};
  }
  return test::unseal_body(issue(request, test::AssessedOffice::services(uri)), request);
}

}  // namespace

TEST_CASE("no lie in a certificate of edition 2 is believed but those the threat model lists") {
  std::size_t tried = 0;
  for (const Construction construction : {Construction::full_entropy, Construction::rbg2, Construction::rbg3_xor}) {
    const std::string body = body_with("sim:homodyne?seed=1", construction);
    REQUIRE(is_believed(body));
    // What differs between the batches is tried in each of them, the rest in the first.
    const auto wanted = [&](const std::string& member) {
      return construction == Construction::full_entropy || member.starts_with("/predicate/expansion") ||
             member.starts_with("/predicate/limits") || member.starts_with("/predicate/rules");
    };
    tried += test::tell_lies(std::string(name_of(construction)), Json::parse(body), wanted, free_in_edition_2);
  }
  CHECK(tried > 500);
}

TEST_CASE(
    "of the tests at the gate a signer can leave out the youngest monitor, and no other, and name none that nobody "
    "knows") {
  const Json honest = Json::parse(body_with("sim:homodyne?seed=1", Construction::full_entropy));
  const Json::json_pointer place("/predicate/health/tests");
  const std::size_t count = honest.at(place).size();
  REQUIRE(count > 3);
  const auto told = [&](const std::function<void(Json & tests)>& change) {
    Json statement = honest;
    change(statement[place]);
    return is_believed(statement.dump(1) + "\n");
  };
  for (std::size_t i = 0; i < count; ++i) {
    CAPTURE(i, honest.at(place)[i].at("id"));
    CHECK(told([&](Json& tests) { tests.erase(i); }) == (i + 1 == count));
    CHECK_FALSE(told([&](Json& tests) { tests[i]["id"] = "made-up"; }));
  }
  CHECK_FALSE(told([&](Json& tests) {
    Json another = tests.back();
    another["id"] = "made-up";
    tests.push_back(another);
  }));
  CHECK_FALSE(told([&](Json& tests) { std::swap(tests[2], tests[3]); }));
}

TEST_CASE("a lie about the audit of keys is believed only where its file alone can tell") {
  constexpr std::string_view settled_by_file[] = {"/predicate/audit/file/bytes", "/predicate/audit/tests/"};
  const std::string body = body_with("sim:homodyne?seed=1", Construction::full_entropy, true);
  REQUIRE(is_believed(body));
  const auto wanted = [](const std::string& member) { return member.starts_with("/predicate/audit"); };
  CHECK(test::tell_lies("audit", Json::parse(body), wanted, settled_by_file) > 60);
}

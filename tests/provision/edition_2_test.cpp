// SPDX-License-Identifier: Apache-2.0
// Every lie that a signer could tell in a certificate of edition 2, at every member.
#include <algorithm>
#include <catch2/catch.hpp>
#include <string>

#include "provision/issue.h"
#include "tests/provision/assessed_office.h"
#include "tests/provision/mutations.h"

using namespace lightseed;
using test::is_believed;

namespace {

/// What a signer who lies may say without contradicting anything else in the certificate (docs/threat-model.md, "What
/// no verifier can see").
bool nobody_can_tell(const std::string& member) {
  static const std::string free[] = {"/subject/",
                                     "/predicate/batch/id",
                                     "/predicate/batch/key_bytes",
                                     "/predicate/batch/keys_per_sim",  // where as many blocks come out; a key shows it
                                     "/predicate/batch/order/",
                                     "/predicate/batch/created",
                                     "/predicate/source/uri",
                                     "/predicate/source/model",
                                     "/predicate/source/serial",
                                     "/predicate/source/firmware",
                                     "/predicate/source/nominal_rate",
                                     "/predicate/source/parameters",
                                     "/predicate/source/status",
                                     "/predicate/source/claim/method",
                                     "/predicate/source/claim/assumptions",
                                     "/predicate/source/claim/details",
                                     "/predicate/source/claim/bits_per_sample",  // where the measurement is lower
                                     "/predicate/source/started",
                                     "/predicate/source/stopped",
                                     "/predicate/entropy/assessed_sha256",
                                     "/predicate/entropy/measured/method",
                                     "/predicate/entropy/measured/assumptions",
                                     "/predicate/entropy/measured/details",
                                     "/predicate/health/alpha_log2",  // where the cut-offs come out the same
                                     "/predicate/health/start_up_samples",
                                     "/predicate/health/samples_discarded",
                                     "/predicate/extraction/seed/sha256",
                                     "/predicate/expansion/bytes_per_seed",
                                     "/predicate/protection/files/",
                                     "/predicate/protection/recipients/",
                                     "/predicate/protection/signer/",
                                     "/predicate/ledger/position/",
                                     "/predicate/software/",
                                     "/predicate/keys/merkle/root"};
  return std::any_of(std::begin(free), std::end(free),
                     [&](const std::string& prefix) { return member.starts_with(prefix); });
}

std::string body_with(const std::string& uri, Construction construction) {
  const test::AssessedOffice office;
  IssueRequest request = office.request();
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
    const Json honest = Json::parse(body);
    for (const test::Mutation& lie : test::mutations_of(honest)) {
      // What differs between the batches is tried in each of them, the rest in the first.
      if (construction != Construction::full_entropy && !lie.member.starts_with("/predicate/expansion") &&
          !lie.member.starts_with("/predicate/limits") && !lie.member.starts_with("/predicate/rules")) {
        continue;
      }
      if (lie.statement == honest) continue;
      ++tried;
      if (!is_believed(lie.statement.dump(1) + "\n")) continue;
      INFO(name_of(construction) << ": " << lie.member << ": " << lie.what);
      CHECK(nobody_can_tell(lie.member));
    }
  }
  CHECK(tried > 500);
}

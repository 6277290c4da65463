// SPDX-License-Identifier: Apache-2.0
#include "provision/certificate_log.h"

#include <fmt/format.h>

#include <catch2/catch.hpp>
#include <ctime>
#include <filesystem>
#include <fstream>
#include <optional>
#include <string>
#include <vector>

#include "core/clock.h"
#include "core/error.h"
#include "core/hex.h"
#include "crypto/dsse.h"
#include "crypto/merkle.h"
#include "evidence/json_text.h"
#include "provision/issue.h"
#include "provision/verify.h"
#include "tests/category_of.h"
#include "tests/crypto/pki.h"
#include "tests/provision/assessed_office.h"
#include "tests/provision/ledger/backends.h"
#include "tests/provision/ledger/samples.h"
#include "tests/scratch.h"

using namespace lightseed;
using test::category_of;
namespace fs = std::filesystem;

namespace {

std::string digest_number(unsigned number) {
  return fmt::format("{:064x}", number);
}

/// A ledger that issues a batch at a call; its certificate is digest_number() of the batch.
class Shop {
 public:
  explicit Shop(const std::string& uri) : ledger(open_ledger(uri, {.mode = LedgerAccess::Mode::issue})) {}

  void begin(unsigned number) const {
    const std::string batch = fmt::format("b{}", number);
    ledger->begin(test::sample_batch(batch, fmt::format("o{}", number)));
    const BlockEntry blocks[] = {test::sample_block(static_cast<unsigned char>(number), fmt::format("S{}", number))};
    ledger->add_blocks(batch, blocks);
    test::certify(*ledger, batch, 1, digest_number(number));
  }
  void issue(unsigned number) const {
    begin(number);
    ledger->issue(fmt::format("b{}", number));
  }
  [[nodiscard]] LogHeadRecord head(const std::optional<LogHeadRecord>& before = {}) const {
    return log_head_of(*ledger, before, 1'800'000'000);
  }

  std::unique_ptr<Ledger> ledger;
};

template <typename Test>
void shop_on_every_back_end(Test test) {
  for (const test::LedgerBackEnd& back_end : test::ledger_back_ends()) {
    CAPTURE(back_end.name);
    const test::Scratch scratch;
    test(Shop(back_end.fresh_uri(scratch.path())));
  }
}

}  // namespace

TEST_CASE("certificate log: what was issued, in its order, and nothing that was burned") {
  shop_on_every_back_end([](const Shop& shop) {
    CHECK(certificate_log(*shop.ledger).empty());
    const LogHeadRecord empty = shop.head();
    CHECK(empty.size == 0);
    CHECK(empty.root == hex(sha256({})));
    shop.begin(1);
    shop.issue(2);
    CHECK(certificate_log(*shop.ledger) == std::vector{digest_number(2)});
    shop.ledger->issue("b1");
    shop.begin(3);
    shop.ledger->burn("b3", "as a test");
    CHECK(certificate_log(*shop.ledger) == std::vector{digest_number(2), digest_number(1)});
    const LogHeadRecord head = shop.head(empty);
    CHECK(fault_of_growth(empty, head).empty());
    CHECK(head.position == shop.ledger->position());
  });
}

TEST_CASE("certificate log: each head shows that it grew from an earlier one, and each certificate that it is there") {
  shop_on_every_back_end([](const Shop& shop) {
    std::vector<LogHeadRecord> heads{shop.head()};
    for (unsigned number = 1; number <= 9; ++number) {
      shop.issue(number);
      heads.push_back(shop.head());
      for (const LogHeadRecord& before : heads) {
        const LogHeadRecord later = shop.head(before);
        CHECK(fault_of_growth(before, later).empty());
        // Read again, and the same.
        const Json json = to_json(later);
        CHECK(log_head_record_from(ObjectReader(json, "")) == later);
      }
      for (unsigned other = 1; other <= number; ++other) {
        const LogInclusionRecord proof = prove_logged(*shop.ledger, heads.back(), digest_number(other));
        CHECK(proof.index == other - 1);
        CHECK(fault_of_log_inclusion(proof, heads.back(), digest_number(other)).empty());
        CHECK_FALSE(fault_of_log_inclusion(proof, heads.back(), digest_number(other + 1)).empty());
        CHECK_FALSE(fault_of_log_inclusion(proof, heads[number - 1], digest_number(other)).empty());
        LogInclusionRecord moved = proof;
        moved.index = (proof.index + 1) % number;
        if (number > 1) CHECK_FALSE(fault_of_log_inclusion(moved, heads.back(), digest_number(other)).empty());
        const Json json = to_json(proof);
        CHECK(log_inclusion_record_from(ObjectReader(json, "")) == proof);
      }
    }
    CHECK(category_of([&] { (void)prove_logged(*shop.ledger, heads[3], digest_number(5)); }) == Category::refused);
    CHECK(category_of([&] { (void)prove_logged(*shop.ledger, heads[3], digest_number(99)); }) == Category::refused);
    // A proof for an earlier head is still made.
    const LogInclusionRecord old = prove_logged(*shop.ledger, heads[3], digest_number(2));
    CHECK(fault_of_log_inclusion(old, heads[3], digest_number(2)).empty());
  });
}

TEST_CASE("certificate log: a log that was cut off, rewritten or exchanged does not go on from an earlier head") {
  const test::Scratch one, two, three;
  const auto uri = [](const test::Scratch& scratch) { return (scratch.path() / "ledger.db").string(); };
  const Shop shop(uri(one)), other(uri(two));
  for (const unsigned number : {1U, 2U, 3U})
    shop.issue(number);
  const LogHeadRecord three_long = shop.head();
  shop.issue(4);
  LogHeadRecord four_long = shop.head(three_long);
  // Its head is of a log that this ledger never had.
  LogHeadRecord rewritten = three_long;
  rewritten.root = other.head().root;
  CHECK(category_of([&] { (void)shop.head(rewritten); }) == Category::refused);
  CHECK(category_of([&] { (void)prove_logged(*shop.ledger, rewritten, digest_number(1)); }) == Category::refused);
  LogHeadRecord longer = four_long;
  longer.size = 5;
  CHECK(category_of([&] { (void)shop.head(longer); }) == Category::refused);
  CHECK(category_of([&] { (void)other.head(three_long); }) == Category::refused);

  // What a signer who lies can sign, and who has the earlier head sees.
  CHECK(fault_of_growth(three_long, four_long).empty());
  CHECK_THAT(fault_of_growth(four_long, three_long), Catch::Contains("cut off"));
  CHECK_THAT(fault_of_growth(three_long, other.head()), Catch::Contains("two ledgers"));
  LogHeadRecord silent = four_long;
  silent.grew.reset();
  CHECK_THAT(fault_of_growth(three_long, silent), Catch::Contains("nothing is seen either way"));
  LogHeadRecord changed = four_long;
  changed.root = three_long.root;
  CHECK_THAT(fault_of_growth(three_long, changed), Catch::Contains("did not grow"));
  changed = four_long;
  changed.grew->path.clear();
  CHECK_THAT(fault_of_growth(three_long, changed), Catch::Contains("did not grow"));
  // The same length, and another log.
  changed = three_long;
  changed.root = four_long.root;
  CHECK_THAT(fault_of_growth(three_long, changed), Catch::Contains("did not grow"));
  changed = three_long;
  changed.position.chain_head = std::string(64, '0');
  CHECK_THAT(fault_of_growth(three_long, changed), Catch::Contains("copied, or rewritten"));
  CHECK(fault_of_growth(three_long, three_long).empty());
}

TEST_CASE("certificate log: a ledger that was put back from a copy signs no head") {
  const test::Scratch scratch;
  const fs::path place = scratch / "ledger.db";
  {
    const Shop shop(place.string());
    const auto lock = shop.ledger->issuing_lock();
    shop.issue(1);
    fs::copy_file(place, scratch / "old.db");
    shop.issue(2);
  }
  fs::copy_file(scratch / "old.db", place, fs::copy_options::overwrite_existing);
  CHECK(category_of([&] { (void)log_head_of(*open_ledger(place.string(), {}), {}, 0); }) == Category::refused);
}

TEST_CASE("certificate log: heads of strangers, and liars with a key, are not believed") {
  const test::Scratch scratch;
  for (const char* const name : {"signer", "stranger"})
    test::make_certificate(scratch.path(), {.name = name});
  const auto signer = [&](const std::string& name) {
    return Signer(scratch.path() / (name + ".crt"), (scratch.path() / (name + ".key")).string(), std::time(nullptr));
  };
  const TrustAnchor trust = TrustAnchor::read(scratch / "signer.crt");
  const Shop shop((scratch / "ledger.db").string());
  shop.issue(1);
  const LogHeadRecord before = shop.head();
  shop.issue(2);
  const LogHeadRecord head = log_head_of(*shop.ledger, before, std::time(nullptr));
  const auto refusal = [&](const std::string& text) -> std::string {
    std::ofstream(scratch / "head", std::ios::trunc) << text;
    try {
      return read_log_head(scratch / "head", trust).record == head ? "believed" : "another one";
    } catch (const Error& error) {
      CHECK(error.category() == Category::verdict);
      return error.what();
    }
  };
  CHECK(refusal(seal_log_head(head, signer("signer"))) == "believed");
  CHECK_THAT(refusal(seal_log_head(head, signer("stranger"))), Catch::Contains("no head of a log"));
  CHECK_THAT(refusal(""), Catch::Contains("no head of a log"));
  const auto lie = [&](const std::function<void(Json&)>& change) {
    Json json = to_json(head);
    change(json);
    return refusal(seal(log_head_payload_type, json_text(json, 1) + "\n", signer("signer")));
  };
  CHECK(lie([](Json&) {}) == "believed");
  CHECK_THAT(lie([](Json& json) { json["root"] = "zz"; }), Catch::Contains("root"));
  CHECK_THAT(lie([](Json& json) { json["size"] = 2.0; }), Catch::Contains("size"));
  CHECK_THAT(lie([](Json& json) { json["size"] = -1; }), Catch::Contains("size"));
  CHECK_THAT(lie([](Json& json) { json["more"] = 1; }), Catch::Contains("more"));
  CHECK_THAT(lie([](Json& json) { json["moment"] = "2001-01-01T00:00:00Z"; }), Catch::Contains("no head of a log"));
  CHECK_THAT(lie([](Json& json) { json["grew_from"]["path"] = Json::array({"00"}); }), Catch::Contains("path"));
  CHECK_THAT(lie([](Json& json) { json["grew_from"]["path"] = std::vector<std::string>(66, std::string(64, '0')); }),
             Catch::Contains("path"));
}

TEST_CASE("each certificate names the one that was issued before it from its ledger") {
  const test::AssessedOffice office;
  const auto make = [&](const char* order, const char* directory) {
    IssueRequest request = office.request(order, directory);
    request.top_up = true;
    return issue(request, test::AssessedOffice::services());
  };
  (void)make("o1", "first");
  (void)make("o2", "second");
  (void)make("o3", "third");
  const TrustAnchor trust = TrustAnchor::read(office.file("signer.crt"));
  const auto sealed = [&](const char* directory) { return read_sealed_certificate(office.path(directory), trust); };
  CHECK(sealed("first").reading.batch.previous_certificate_sha256.empty());
  CHECK(sealed("second").reading.batch.previous_certificate_sha256 == sealed("first").sha256);
  CHECK(sealed("third").reading.batch.previous_certificate_sha256 == sealed("second").sha256);
  const auto faults = [&](const char* directory, const char* previous) {
    VerifyRequest request;
    request.policy.allow_test = true;
    request.previous = office.path(previous);
    return verify(office.path(directory), trust, request).faults;
  };
  CHECK(faults("second", "first").empty());
  CHECK(faults("third", "second").empty());
  CHECK_THAT(faults("third", "first").at(0), Catch::Contains("certificate before it"));
  CHECK_THAT(faults("first", "second").at(0), Catch::Contains("names none before it"));
  const auto ledger = open_ledger(office.file("ledger.db"), {});
  CHECK(certificate_log(*ledger) ==
        std::vector{sealed("first").sha256, sealed("second").sha256, sealed("third").sha256});
}

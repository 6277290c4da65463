// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch.hpp>
#include <filesystem>
#include <string>

#include "core/error.h"
#include "evidence/issue_request_record.h"
#include "provision/ledger/ledger.h"
#include "tests/provision/ledger/place.h"
#include "tests/provision/ledger/samples.h"
#include "tests/test_paths.h"

// What became of blocks, changed behind a ledger's back; and the ledger of a schema that knew nothing of it.

using namespace lightseed;
using test::open_to_issue;
using test::Place;
namespace fs = std::filesystem;

namespace {

/// Batch b1 of SIM A, active with used keys; batch b2 of SIM B, rejected; batch b3 of SIM C, revoked and destroyed.
void live(const Place& place) {
  for (const auto& [batch, order, block, iccid] :
       {std::tuple("b1", "o1", 1, "A"), std::tuple("b2", "o2", 2, "B"), std::tuple("b3", "o3", 3, "C")})
    place.issue(batch, order, static_cast<unsigned char>(block), iccid);
  const auto ledger = open_to_issue(place.path().string());
  const auto lock = ledger->issuing_lock();
  const auto answer = [&](const std::string& batch, const std::string& side, std::vector<std::string> rejected) {
    ledger->acknowledge({.batch = batch,
                         .outlet = side,
                         .receipt_sha256 = batch + side,
                         .certificate_sha256 = "abc",
                         .merkle_root = "root",
                         .leaves_sha256 = "leaves",
                         .rejected = std::move(rejected)});
  };
  answer("b1", "card", {});
  answer("b1", "network", {});
  answer("b2", "card", {"B"});
  const UsedKeys keys[] = {{"A", 1, 0, 4}, {"A", 1, 7, 7}};
  REQUIRE(ledger->use("r1", keys).keys == 6);
  REQUIRE(ledger->revoke("C", "phone lost") == 1);
  REQUIRE(ledger->destroy("b3", "record"));
}

std::vector<std::string> faults_of(const Place& place, Depth depth) {
  return open_ledger(place.path().string(), {})->examine(depth).faults;
}

}  // namespace

TEST_CASE("sqlite ledger: what became of blocks is as the history says, or a fault") {
  for (const char* const change :
       {"DELETE FROM answer WHERE batch = 'b1' AND outlet = 'network'", "UPDATE answer SET leaves_sha256 = 'other'",
        "UPDATE answer SET outlet = 'network' WHERE batch = 'b2'", "DELETE FROM ending WHERE state = 'REVOKED'",
        "INSERT INTO ending SELECT id, 'b1', 'REJECTED', 1 FROM block WHERE iccid = 'A'",
        "DELETE FROM used WHERE first = 7", "DELETE FROM destruction", "UPDATE destruction SET batch = 'b1'",
        "UPDATE destruction SET record_sha256 = 'another'"}) {
    CAPTURE(change);
    const Place place;
    live(place);
    REQUIRE(faults_of(place, Depth::blocks).empty());
    place.tamper(change);
    CHECK_FALSE(faults_of(place, Depth::history).empty());
    place.refused("changed by something else");
  }
}

TEST_CASE(
    "sqlite ledger: a release that is taken out of the history, or a request that no longer asks for one, is seen") {
  const std::string request = request_text({.order_sha256 = "x",
                                            .sims = 1,
                                            .keys_per_sim = 10,
                                            .key_bytes = 16,
                                            .recipients = {},
                                            .signer_sha256 = "x",
                                            .expansion = {},
                                            .releaser_sha256 = "second"});
  for (const char* const change :
       {"DELETE FROM outbox WHERE event = (SELECT sequence FROM event WHERE what = 'released'); "
        "DELETE FROM event WHERE what = 'released'",
        "UPDATE event SET subject = 'other' WHERE what = 'released'",
        "UPDATE batch SET request = '{}' WHERE id = 'b1'"}) {
    CAPTURE(change);
    const Place place;
    {
      const auto ledger = open_to_issue(place.path().string());
      const auto lock = ledger->issuing_lock();
      BatchRecord batch = test::sample_batch("b1", "o1");
      batch.request = request;
      ledger->begin(batch);
      const BlockEntry blocks[] = {test::sample_block(1, "A")};
      ledger->add_blocks("b1", blocks);
      test::certify(*ledger, "b1", 1);
      ledger->issue("b1");
      REQUIRE(ledger->release(
          {.batch = "b1", .certificate_sha256 = "abc", .record_sha256 = "record", .releaser_sha256 = "second"}));
    }
    REQUIRE(faults_of(place, Depth::history).empty());
    place.tamper(change);
    CHECK_FALSE(faults_of(place, Depth::history).empty());
  }
}

TEST_CASE("sqlite ledger: of what became of blocks every row is looked at, where that is asked for") {
  for (const char* const change :
       {"UPDATE ending SET state = 'REJECTED' WHERE state = 'REVOKED'", "UPDATE used SET last = 5 WHERE first = 0",
        "UPDATE used SET event = event - 1 WHERE first = 7",
        "UPDATE ending SET block = (SELECT id FROM block WHERE iccid = 'A') WHERE batch = 'b2'"}) {
    CAPTURE(change);
    const Place place;
    live(place);
    place.tamper(change);
    CHECK_FALSE(faults_of(place, Depth::blocks).empty());
  }
}

TEST_CASE("sqlite ledger: schema 3 knows nothing of lives, and becomes this version's") {
  const Place place;
  fs::copy_file(fs::path(test::data_folder()) / "ledger" / "schema3.db", place.path());
  fs::copy_file(fs::path(test::data_folder()) / "ledger" / "schema3.db.head", place.head());
  fs::permissions(place.path(), fs::perms(0600));
  const std::string sims[] = {"8988211000000000011", "8988211000000000029", "89882110000000000333"};
  {
    const auto ledger = open_ledger(place.path().string(), {});
    CHECK(ledger->examine(Depth::blocks).faults.empty());
    CHECK(ledger->known_sims(sims).count == 3);
    const BatchRecord batch = ledger->batches().at(0);
    CHECK(ledger->stages(batch.id) == std::vector{std::pair(BlockStage::issued, std::uint64_t{2})});
    CHECK(ledger->answers(batch.id).empty());
    CHECK(stage_of(ledger->blocks_of_sim(sims[0]).at(0).facts) == BlockStage::issued);
  }
  std::vector<std::string> told;
  const auto ledger = open_to_issue(place.path().string(), &told);
  REQUIRE(told.size() == 1);
  CHECK_THAT(told[0], Catch::Contains(".schema3.backup"));
  const auto lock = ledger->issuing_lock();
  const BatchRecord batch = ledger->batches().at(0);
  CHECK(ledger->acknowledge({.batch = batch.id,
                             .outlet = "card",
                             .receipt_sha256 = "r",
                             .certificate_sha256 = batch.certificate_sha256,
                             .merkle_root = "root",
                             .leaves_sha256 = "leaves",
                             .rejected = {sims[0]}}));
  CHECK(ledger->known_sims(sims).count == 2);
  CHECK(ledger->examine(Depth::blocks).faults.empty());
}

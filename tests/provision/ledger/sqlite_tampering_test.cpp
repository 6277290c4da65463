// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch.hpp>
#include <fstream>

#include "core/error.h"
#include "crypto/digest.h"
#include "provision/ledger/ledger.h"
#include "provision/ledger/sqlite/database.h"
#include "tests/category_of.h"
#include "tests/provision/ledger/place.h"

// What was done to a ledger behind its back, and how it shows.

using namespace lightseed;
using test::category_of;
using test::open_to_issue;
using test::Place;
using test::sample_batch;
using test::sample_block;
namespace fs = std::filesystem;

TEST_CASE("sqlite ledger: databases of others are never written (F6, finding 17)") {
  const Place place;
  for (const char* const made_with :
       {"CREATE TABLE mine (x); INSERT INTO mine VALUES (1)", "CREATE TABLE batch (id); PRAGMA user_version=1",
        "CREATE TABLE mine (x); PRAGMA journal_mode=WAL; PRAGMA user_version=1",
        "CREATE TABLE mine (x); PRAGMA application_id=1196444487; PRAGMA user_version=2"}) {
    CAPTURE(made_with);
    fs::remove(place.path());
    std::ofstream(place.path());
    fs::permissions(place.path(), fs::perms(0600));
    place.tamper(made_with);
    const Sha256Digest before = sha256_of_file(place.path().string());
    place.refused("belongs to another program");
    CHECK(category_of([&] { (void)open_ledger(place.path().string(), {}); }) == Category::refused);
    CHECK(sha256_of_file(place.path().string()) == before);
    CHECK(!fs::exists(place.path().string() + "-wal"));
    CHECK(!fs::exists(place.path().string() + "-shm"));
    CHECK(!fs::exists(place.head()));
  }
  std::ofstream(place.path())
      << "no database at all, but longer than a header of SQLite would be: it goes on and on and on";
  place.refused("belongs to another program");
}

TEST_CASE("sqlite ledger: triggers, dropped constraints and other schemas are refused (finding 6)") {
  for (const char* const change : {"CREATE TRIGGER t AFTER INSERT ON delivery BEGIN DELETE FROM delivery; END",
                                   "CREATE TABLE extra (x)", "DROP INDEX one_live_batch_per_order",
                                   "CREATE VIEW v AS SELECT * FROM batch", "ALTER TABLE batch ADD COLUMN more TEXT",
                                   "DROP TABLE delivery; CREATE TABLE delivery (block BLOB, batch TEXT)"}) {
    CAPTURE(change);
    const Place place;
    place.issue();
    place.tamper(change);
    place.refused("changed by something else");
    CHECK(category_of([&] { (void)open_ledger(place.path().string(), {}); }) == Category::refused);
  }
  const Place place;
  place.issue();
  place.tamper("PRAGMA user_version=99");
  place.refused("has schema 99");
}

TEST_CASE("sqlite ledger: rows that were changed contradict the history (10.7)") {
  for (const char* const change :
       {"UPDATE batch SET state = 'BURNED'; UPDATE block SET state = 'BURNED'",
        "UPDATE batch SET directory = '/victim'", "UPDATE batch SET order_id = 'o2'",
        "UPDATE batch SET certificate_sha256 = 'other'",
        "DELETE FROM allotment_page; DELETE FROM allotment; DELETE FROM delivery; DELETE FROM block; DELETE FROM batch",
        "DELETE FROM delivery; DELETE FROM block",
        "DELETE FROM outbox; DELETE FROM event WHERE sequence = (SELECT max(sequence) FROM event)",
        "DELETE FROM event WHERE sequence = 2", "UPDATE event SET subject = 'x' WHERE sequence = 2",
        "INSERT INTO batch SELECT 'b9', 9, 'o9', request, 'GENERATED', '/victim', '', '', created, changed FROM batch",
        "PRAGMA foreign_keys=OFF; UPDATE batch SET number = 9", "PRAGMA foreign_keys=OFF; UPDATE block SET batch = 9",
        "DELETE FROM outbox", "UPDATE outbox SET event = 4 WHERE part = 0",
        "INSERT INTO outbox SELECT 1, 0, outlet, file, sha256, sims, first_iccid, last_iccid, '' FROM outbox",
        "UPDATE ledger SET id = 'another'"}) {
    CAPTURE(change);
    const Place place;
    place.issue();
    place.tamper(change);
    place.refused("");
  }
}

TEST_CASE("sqlite ledger: a look at every block sees a changed one, which every day's check does not read") {
  for (const char* const change :
       {"UPDATE block SET iccid = 'B'", "UPDATE block SET charge = 7", "UPDATE block SET state = 'GENERATED'",
        "UPDATE allotment SET pages = x'00'", "UPDATE allotment_page SET entries = x'00'",
        "INSERT INTO allotment_page SELECT batch, 1, entries FROM allotment_page", "DELETE FROM allotment_page",
        "UPDATE outbox SET sha256 = 'x'", "UPDATE outbox SET file = 'x'", "UPDATE outbox SET last_iccid = 'x'",
        "UPDATE outbox SET sims = 7", "INSERT INTO outbox VALUES (5, 1, 'card', 'f', 'd', 1, 'A', 'A', '')"}) {
    CAPTURE(change);
    const Place place;
    place.issue();
    CHECK(open_to_issue(place.path().string())->examine(Depth::blocks).faults.empty());
    place.tamper(change);
    CHECK(open_to_issue(place.path().string())->examine(Depth::blocks).faults.size() == 1);
  }
}

TEST_CASE("sqlite ledger: blocks of finished batches are counted by every look but the quick one") {
  struct Change {
    const char* sql;
    bool shows;  ///< in the quick one
  };
  const Place place;
  {
    const auto ledger = open_to_issue(place.path().string());
    const auto lock = ledger->issuing_lock();
    unsigned char next = 1;
    const auto begin = [&](const std::string& batch) {
      ledger->begin(sample_batch(batch, "order of " + batch));
      const BlockEntry blocks[] = {sample_block(next, batch + "-1"),
                                   sample_block(static_cast<unsigned char>(next + 1), batch + "-2")};
      ledger->add_blocks(batch, blocks);
      next = static_cast<unsigned char>(next + 2);
    };
    begin("burned");
    ledger->burn("burned", "as a test");
    begin("issued");
    test::certify(*ledger, "issued", 2);
    ledger->issue("issued");
    begin("certified");
    test::certify(*ledger, "certified", 2);
    begin("generated");
  }
  const auto faults_of = [&](Depth depth) { return open_ledger(place.path().string(), {})->examine(depth).faults; };
  for (const Depth depth : {Depth::batches, Depth::history, Depth::blocks})
    REQUIRE(faults_of(depth).empty());
  fs::copy_file(place.path(), place.path("sound.db"));
  for (const Change& change : {Change{"DELETE FROM block WHERE iccid = 'issued-1'", false},
                               Change{"DELETE FROM block WHERE iccid = 'burned-1'", false},
                               Change{"DELETE FROM block WHERE iccid LIKE 'issued-%'", true},
                               Change{"DELETE FROM block WHERE iccid LIKE 'burned-%'", true},
                               Change{"DELETE FROM block WHERE iccid = 'certified-1'", true},
                               Change{"UPDATE batch SET number = 9 WHERE id = 'issued'", true},
                               Change{"UPDATE batch SET state = 'GENERATED' WHERE id = 'issued'", true}}) {
    CAPTURE(change.sql);
    place.tamper(std::string("PRAGMA foreign_keys=OFF; DELETE FROM delivery; ") + change.sql);
    CHECK(faults_of(Depth::batches).empty() != change.shows);
    CHECK_FALSE(faults_of(Depth::history).empty());
    CHECK_FALSE(faults_of(Depth::blocks).empty());
    place.refused("changed by something else");
    fs::copy_file(place.path("sound.db"), place.path(), fs::copy_options::overwrite_existing);
  }
}

TEST_CASE("sqlite ledger: a SIM whose row was changed by hand is no new SIM (10.7)") {
  for (const char* const change :
       {"UPDATE block SET iccid = 'Z' WHERE iccid = 'S7'", "UPDATE block SET charge = 9 WHERE iccid = 'S7'",
        "UPDATE block SET batch = (SELECT number FROM batch WHERE id = 'burned') WHERE iccid = 'S7'",
        "UPDATE block SET iccid = 'S7' WHERE iccid = 'S8'; UPDATE block SET charge = 1 WHERE iccid = 'S7'",
        "UPDATE allotment_page SET entries = (SELECT substr(entries, 17) FROM allotment_page)",
        "UPDATE allotment SET pages = x''", "DELETE FROM allotment_page; DELETE FROM allotment"}) {
    CAPTURE(change);
    const Place place;
    const auto ledger = open_to_issue(place.path().string());
    ledger->begin(sample_batch("burned", "o0"));
    ledger->burn("burned", "as a test");
    ledger->begin(sample_batch("b1", "o1"));
    std::vector<BlockEntry> blocks;
    for (unsigned char i = 0; i < 20; ++i)
      blocks.push_back(sample_block(i, "S" + std::to_string(i)));
    ledger->add_blocks("b1", blocks);
    test::certify(*ledger, "b1", 20);
    ledger->issue("b1");
    const std::string asked[] = {"other", "S7", "S3"};
    CHECK(ledger->known_sims(asked).count == 2);
    try {
      place.tamper(change);
    } catch (const Error&) {
      continue;  // two rows of one SIM cannot have one charge
    }
    CHECK(category_of([&] { (void)ledger->known_sims(asked); }) == Category::refused);
  }
  // One whose state alone was changed has its keys all the same.
  const Place place;
  place.issue();
  place.tamper("UPDATE block SET state = 'BURNED'");
  const std::string asked[] = {"A"};
  CHECK(open_to_issue(place.path().string())->known_sims(asked).count == 1);
}

TEST_CASE("sqlite ledger: a roll-back shows in the head file (finding 6)") {
  const Place place;
  place.issue();
  fs::copy_file(place.path(), place.path("backup.db"));
  fs::copy_file(place.head(), place.path("backup.db.head"));
  place.issue("b2", "o2", 2, "B");
  SECTION("the copy is put back, file for file or byte for byte") {
    if (GENERATE(true, false)) fs::remove(place.path());
    fs::copy_file(place.path("backup.db"), place.path(), fs::copy_options::overwrite_existing);
    place.refused("was rolled back");
  }
  SECTION("the copy goes on and reaches the same number of events: another history") {
    fs::copy_file(place.path("backup.db"), place.path("elsewhere.db"));
    fs::copy_file(place.path("backup.db.head"), place.path("elsewhere.db.head"));
    {
      const auto fork = open_to_issue(place.path("elsewhere.db").string());
      const auto lock = fork->issuing_lock();
      for (unsigned char i = 3; i < 6; ++i)
        test::issue_one(*fork, "b" + std::to_string(i), "o" + std::to_string(i), i, "C" + std::to_string(i));
    }
    fs::copy_file(place.path("elsewhere.db"), place.path(), fs::copy_options::overwrite_existing);
    place.refused("was rolled back");
  }
  SECTION("the ledger is gone, its head is not") {
    fs::remove(place.path());
    place.refused("no longer in");
    CHECK(!fs::exists(place.path()));
  }
  SECTION("another ledger stands in its place") {
    const Place other;
    other.issue();
    fs::copy_file(other.path(), place.path(), fs::copy_options::overwrite_existing);
    place.refused("is of another ledger");
  }
  SECTION("a head that cannot be read is not overlooked") {
    std::ofstream(place.head()) << "{}";
    place.refused("does not say where");
  }
  SECTION("without its head nothing is issued, unless somebody says that the ledger is the newest") {
    fs::remove(place.head());
    place.refused("is missing");
    CHECK(!fs::exists(place.head()));
    const LedgerFindings seen = open_ledger(place.path().string(), {})->examine(Depth::history);
    CHECK(seen.faults.empty());
    REQUIRE(seen.notices.size() == 1);
    CHECK_THAT(seen.notices[0], Catch::Contains("is missing"));
    std::vector<std::string> told;
    const auto ledger =
        open_ledger(place.path().string(), {.mode = LedgerAccess::Mode::issue,
                                            .without_memory = true,
                                            .notice = [&](const std::string& words) { told.push_back(words); }});
    const auto lock = ledger->issuing_lock();
    REQUIRE(told.size() == 1);
    CHECK_THAT(told[0], Catch::Contains("is missing"));
    CHECK(fs::exists(place.head()));
  }
  SECTION("reading says what issuing would say") {
    fs::copy_file(place.path("backup.db"), place.path(), fs::copy_options::overwrite_existing);
    const LedgerFindings seen = open_ledger(place.path().string(), {})->examine(Depth::history);
    REQUIRE(seen.faults.size() == 1);
    CHECK_THAT(seen.faults[0], Catch::Contains("was rolled back"));
  }
  SECTION("a ledger ahead of its head is what a crash leaves: nothing is said") {
    const std::string old = (place.path().string() + ".old");
    fs::copy_file(place.head(), old);
    place.issue("b9", "o9", 9, "Z");
    fs::rename(old, place.head());
    std::vector<std::string> told;
    const auto ledger = open_to_issue(place.path().string(), &told);
    const auto lock = ledger->issuing_lock();
    CHECK(told.empty());
  }
}

TEST_CASE("sqlite ledger: a copy says where it comes from, and both certificates together show the fork (10.7)") {
  const Place place;
  place.issue();
  fs::copy_file(place.path(), place.path("copy.db"));
  fs::copy_file(place.head(), place.path("copy.db.head"));
  std::vector<std::string> told;
  const auto copy = open_to_issue(place.path("copy.db").string(), &told);
  const auto copy_lock = copy->issuing_lock();
  REQUIRE(told.size() == 1);
  CHECK_THAT(told[0], Catch::Contains(place.path().string()));
  const auto original = open_to_issue(place.path().string());
  const auto lock = original->issuing_lock();
  copy->begin(sample_batch("b2", "o2"));
  original->begin(sample_batch("b3", "o2"));
  original->begin(sample_batch("b4", "o4"));
  const LedgerPosition one = copy->position().value();
  const LedgerPosition two = original->position().value();
  CHECK(one.ledger_id == two.ledger_id);
  CHECK(one.sequence == two.sequence);
  CHECK(one.chain_head != two.chain_head);
}

// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch.hpp>
#include <filesystem>

#include "core/error.h"
#include "crypto/digest.h"
#include "provision/ledger/ledger.h"
#include "provision/ledger/sqlite/database.h"
#include "tests/category_of.h"
#include "tests/provision/ledger/place.h"
#include "tests/test_paths.h"

// Ledgers of older schemas.

using namespace lightseed;
using test::category_of;
using test::open_to_issue;
using test::Place;
using test::sample_batch;
using test::sample_block;
namespace fs = std::filesystem;

TEST_CASE("sqlite ledger: one of the older schema is migrated, with a copy, and reads without (9.6)") {
  for (const bool killed : {false, true}) {
    CAPTURE(killed);
    const Place place;
    const fs::path data = fs::path(test::data_folder()) / "ledger";
    const char* const name = killed ? "schema1-killed.db" : "schema1.db";
    fs::copy_file(data / name, place.path());
    fs::permissions(place.path(), fs::perms(0600));
    if (killed) fs::copy_file(data / "schema1-killed.db-wal", place.path().string() + "-wal");
    const Sha256Digest before = sha256_of_file(place.path().string());
    const auto check = [](Ledger& ledger) {
      const auto all = ledger.batches();
      REQUIRE(all.size() == 4);
      CHECK(all[0].state == BatchState::issued);
      CHECK(all[0].directory == "/srv/batches/issued");
      CHECK(all[1].state == BatchState::burned);
      CHECK(all[2].state == BatchState::certified);
      CHECK(all[3].state == BatchState::generated);
      CHECK(ledger.block_counts(all[0].id).at(0) == std::pair(BlockState::issued, std::uint64_t{2}));
    };
    {
      const auto ledger = open_ledger(place.path().string(), {});
      check(*ledger);
      CHECK(!ledger->position());
    }
    CHECK(sha256_of_file(place.path().string()) == before);

    std::vector<std::string> told;
    const auto ledger = open_to_issue(place.path().string(), &told);
    REQUIRE(told.size() == 1);
    CHECK_THAT(told[0], Catch::Contains(".schema1.backup"));
    const auto lock = ledger->issuing_lock();
    check(*ledger);
    CHECK(ledger->examine(Depth::blocks).faults.empty());
    CHECK(ledger->position()->sequence == 7);
    // What was promised before still holds.
    CHECK(category_of([&] { ledger->begin(sample_batch("b9", "issued")); }) == Category::refused);
    const std::string sims[] = {"8988211000000000011"};
    CHECK(ledger->known_sims(sims).count == 1);
    ledger->begin(sample_batch("b9", "new"));
    const BlockEntry again[] = {sample_block(9, "8988211000000000011")};
    CHECK(ledger->add_blocks("b9", again) == std::vector<std::uint64_t>{3});
    const auto backup = open_ledger(place.path().string() + ".schema1.backup", {});
    check(*backup);
    CHECK(!backup->position());
  }
}

TEST_CASE("sqlite ledger: schema 2 becomes schema 3, if its blocks are as its history says") {
  const Place place;
  fs::copy_file(fs::path(test::data_folder()) / "ledger" / "schema2.db", place.path());
  fs::copy_file(fs::path(test::data_folder()) / "ledger" / "schema2.db.head", place.head());
  fs::permissions(place.path(), fs::perms(0600));
  const std::string sims[] = {"8988211000000000011", "8988211000000000029", "8988211000000000037"};
  {
    const auto ledger = open_ledger(place.path().string(), {});
    CHECK(ledger->examine(Depth::blocks).faults.empty());
    CHECK(ledger->position()->sequence == 4);
    CHECK(ledger->known_sims(sims).count == 2);
  }
  SECTION("it is sound") {
    std::vector<std::string> told;
    const auto ledger = open_to_issue(place.path().string(), &told);
    REQUIRE(told.size() == 1);
    CHECK_THAT(told[0], Catch::Contains(".schema2.backup"));
    const auto lock = ledger->issuing_lock();
    CHECK(ledger->examine(Depth::blocks).faults.empty());
    CHECK(ledger->position()->sequence == 7);  // migrated, allotted, found in another place
    CHECK(ledger->known_sims(sims).count == 2);
    CHECK(open_ledger(place.path().string() + ".schema2.backup", {})->position()->sequence == 4);
  }
  SECTION("a row was changed") {
    place.tamper("UPDATE block SET iccid = 'Z' WHERE iccid = '8988211000000000011'");
    place.refused("not brought up to date");
    CHECK(open_ledger(place.path().string(), {})->position()->sequence == 4);
  }
}

TEST_CASE("sqlite ledger: schema 4 told nobody anything; what it holds counts as told, and what comes is announced") {
  const Place place;
  fs::copy_file(fs::path(test::data_folder()) / "ledger" / "schema4.db", place.path());
  fs::copy_file(fs::path(test::data_folder()) / "ledger" / "schema4.db.head", place.head());
  fs::permissions(place.path(), fs::perms(0600));
  {
    const auto ledger = open_ledger(place.path().string(), {});
    CHECK(ledger->examine(Depth::blocks).faults.empty());
    CHECK(ledger->count_waiting() == 0);
    CHECK(ledger->waiting_messages(10).empty());
    CHECK(ledger->position()->sequence == 8);
  }
  std::vector<std::string> told;
  const auto ledger = open_to_issue(place.path().string(), &told);
  REQUIRE(told.size() == 1);
  CHECK_THAT(told[0], Catch::Contains(".schema4.backup"));
  const auto lock = ledger->issuing_lock();
  CHECK(ledger->examine(Depth::blocks).faults.empty());
  CHECK(ledger->count_waiting() == 0);
  CHECK(ledger->revoke("8988211000000000029", "lost") == 1);
  const auto waiting = ledger->waiting_messages(10);
  REQUIRE(waiting.size() == 1);
  CHECK(waiting[0].event == "revoked");
  CHECK(waiting[0].first_iccid == "8988211000000000029");
  CHECK(ledger->examine(Depth::blocks).faults.empty());
  // Four were told before: of them none may go missing either.
  place.tamper("DELETE FROM outbox WHERE event = (SELECT min(event) FROM outbox)");
  CHECK(ledger->examine(Depth::history).faults.size() == 1);
}

namespace {

/// tests/data/ledger/schema5.db: b5 is issued and active, with a rejected, a revoked and a used block; b4 burned; b3
/// destroyed; b2 certified; b1 generated. They began in the order of their ids, and entered in the other.
void put_schema_5(const Place& place) {
  fs::copy_file(fs::path(test::data_folder()) / "ledger" / "schema5.db", place.path());
  fs::copy_file(fs::path(test::data_folder()) / "ledger" / "schema5.db.head", place.head());
  fs::permissions(place.path(), fs::perms(0600));
}

std::string rows_of(const fs::path& path, const char* sql) {
  Database database(path, Database::Mode::read);
  auto query = database.prepare(sql);
  std::string rows;
  while (query.step())
    rows += query.text(0) + "\n";
  return rows;
}

/// What a reader of the ledger is told, whatever its schema.
std::string told_by(Ledger& ledger) {
  std::string words;
  for (const BatchRecord& batch : ledger.batches()) {
    words += batch.id + " " + batch.order_id + " " + std::string(name_of(batch.state)) + " " + batch.created + "\n";
    for (const auto& [state, count] : ledger.block_counts(batch.id))
      words += "  " + std::string(name_of(state)) + " " + std::to_string(count) + "\n";
    for (const auto& [stage, count] : ledger.stages(batch.id))
      words += "  " + std::string(name_of(stage)) + " " + std::to_string(count) + "\n";
    for (const EnteredAnswer& answer : ledger.answers(batch.id))
      words += "  " + answer.outlet + " " + answer.receipt_sha256 + "\n";
  }
  const std::vector<std::string> sims{"8988211000000000011", "8988211000000000029", "8988211000000000037",
                                      "8988211000000000045", "89882110000000000333"};
  for (const std::string& sim : sims)
    for (const SimBlock& block : ledger.blocks_of_sim(sim))
      words += sim + " " + block.batch.id + " " + block.block + " " + std::to_string(block.charge) + " " +
               std::string(name_of(block.state)) + " " + std::string(name_of(stage_of(block.facts))) + " " +
               std::to_string(block.facts.used) + "\n";
  for (const std::vector<BlockStage>& stages : ledger.stages_of_sims(sims))
    for (const BlockStage stage : stages)
      words += std::string(name_of(stage)) + "\n";
  const KnownSims known = ledger.known_sims(sims);
  words += std::to_string(known.count) + " known\n";
  for (const LedgerMessage& message : ledger.waiting_messages(100))
    words += message.id + " " + message.file + " " + std::to_string(message.sims) + " " + message.first_iccid + "\n";
  return words;
}

constexpr const char* blocks_with_ids_5 =
    "SELECT hex(id) || batch || iccid || charge || file || state FROM block "
    "ORDER BY id";
constexpr const char* blocks_with_ids_6 =
    "SELECT hex(block.id) || batch.id || iccid || charge || file || block.state FROM block JOIN batch ON batch.number "
    "= "
    "block.batch ORDER BY block.id";
constexpr const char* deliveries_5 = "SELECT hex(block) || batch FROM delivery ORDER BY block";
constexpr const char* deliveries_6 =
    "SELECT hex(block) || batch.id FROM delivery JOIN batch ON batch.number = delivery.batch ORDER BY block";

}  // namespace

TEST_CASE("sqlite ledger: schema 5 becomes schema 6: batches get numbers, and nothing else is different") {
  const Place place;
  put_schema_5(place);
  const std::string blocks = rows_of(place.path(), blocks_with_ids_5);
  // Pages that are free, as what a migration leaves of a large ledger.
  place.tamper(
      "INSERT INTO allotment_page VALUES ('b5', 99, zeroblob(500000)); DELETE FROM allotment_page WHERE page = 99");
  REQUIRE(rows_of(place.path(), "PRAGMA freelist_count") > "1");
  const std::string deliveries = rows_of(place.path(), deliveries_5);
  REQUIRE_FALSE(deliveries.empty());
  std::string before;
  {
    const auto ledger = open_ledger(place.path().string(), {});
    for (const Depth depth : {Depth::batches, Depth::history, Depth::blocks})
      CHECK(ledger->examine(depth).faults.empty());
    before = told_by(*ledger);
  }
  for (const char* const word : {"GENERATED 1", "CERTIFIED 2", "DESTROYED 1", "BURNED 1", "REJECTED 1", "REVOKED 1",
                                 "ACTIVE 1", " card b5card", " network b5network"})
    CHECK_THAT(before, Catch::Contains(word));
  std::vector<std::string> told;
  const auto ledger = open_to_issue(place.path().string(), &told);
  REQUIRE(told.size() == 1);
  CHECK_THAT(told[0], Catch::Contains("is now of schema 6") && Catch::Contains(".schema5.backup"));
  CHECK(told_by(*ledger) == before);
  CHECK(rows_of(place.path(), blocks_with_ids_6) == blocks);
  CHECK(rows_of(place.path(), deliveries_6) == deliveries);
  CHECK(rows_of(place.path(), "SELECT id || number FROM batch ORDER BY number") == "b11\nb22\nb33\nb44\nb55\n");
  CHECK(rows_of(place.path(), "PRAGMA foreign_key_check").empty());
  CHECK(rows_of(place.path(), "PRAGMA freelist_count") == "0\n");
  CHECK(ledger->examine(Depth::blocks).faults.empty());
  CHECK(told_by(*open_ledger(place.path().string() + ".schema5.backup", {})) == before);
  // And on it goes.
  const auto lock = ledger->issuing_lock();
  ledger->issue("b2");
  ledger->burn("b1", "dead");
  test::issue_one(*ledger, "b9", "o9", 99, "8988211000000000029");
  CHECK(rows_of(place.path(), "SELECT number FROM batch WHERE id = 'b9'") == "6\n");
  CHECK(ledger->revoke("8988211000000000045", "lost") == 1);
  CHECK(ledger->examine(Depth::blocks).faults.empty());
  // The constraints are there again.
  for (const char* const change :
       {"INSERT INTO delivery SELECT block, batch FROM delivery", "UPDATE block SET batch = 77",
        "UPDATE batch SET number = 1", "UPDATE block SET iccid = '8988211000000000011', charge = 1",
        "INSERT INTO delivery VALUES (x'00', 1)", "DELETE FROM batch WHERE id = 'b5'"}) {
    CAPTURE(change);
    CHECK(category_of([&] { place.tamper(change); }) == Category::io);
  }
}

TEST_CASE("sqlite ledger: schema 5 with a block of no batch, or of another one, is not brought up to date") {
  for (const char* const change :
       {"UPDATE block SET batch = 'none' WHERE iccid = '8988211000000000029'",
        "INSERT INTO block VALUES (x'77', 'none', 'Z', 1, 1, 'ISSUED')",
        "UPDATE block SET batch = 'b3' WHERE batch = 'b5' AND iccid = '8988211000000000029'"}) {
    CAPTURE(change);
    const Place place;
    put_schema_5(place);
    place.tamper(std::string("PRAGMA foreign_keys=OFF; ") + change);
    place.refused("not brought up to date");
    CHECK(rows_of(place.path(), "PRAGMA user_version") == "5\n");
  }
  // A delivery is in no digest; its table refuses what has no number, and the ledger stays what it was.
  const Place place;
  put_schema_5(place);
  place.tamper("PRAGMA foreign_keys=OFF; UPDATE delivery SET batch = 'none'");
  const std::string before = rows_of(place.path(), blocks_with_ids_5);
  CHECK(category_of([&] { (void)open_to_issue(place.path().string()); }) == Category::io);
  CHECK(rows_of(place.path(), blocks_with_ids_5) == before);
  CHECK(open_ledger(place.path().string(), {})->examine(Depth::blocks).faults.empty());
}

TEST_CASE("sqlite ledger: a migration that was killed in its middle is undone, and made by the next run") {
  const Place place;
  put_schema_5(place);
  const Place killed;
  std::string before;
  {
    before = told_by(*open_ledger(place.path().string(), {}));
    Database database(place.path(), Database::Mode::write);
    // With so few pages at hand much of the change is in the file before it ends, as that of a large ledger is.
    database.execute(
        "PRAGMA cache_size=1; PRAGMA foreign_keys=OFF; BEGIN IMMEDIATE; CREATE TEMP TABLE kept AS SELECT * FROM block;"
        "DROP TABLE delivery; DROP TABLE block; DROP TABLE batch; PRAGMA user_version=6; CREATE TABLE block (id BLOB);"
        "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 2000) "
        "INSERT INTO block SELECT randomblob(16) FROM n");
    for (const char* const ending : {"", "-journal", ".head"})
      fs::copy_file(place.path().string() + ending, killed.path().string() + ending);
    database.execute("ROLLBACK");
  }
  REQUIRE(sha256_of_file(killed.path().string()) != sha256_of_file(place.path().string()));
  REQUIRE(fs::file_size(killed.path().string() + "-journal") > 4096);
  std::vector<std::string> told;
  const auto ledger = open_to_issue(killed.path().string(), &told);
  REQUIRE(told.size() == 1);
  CHECK_THAT(told[0], Catch::Contains(".schema5.backup"));
  CHECK(told_by(*ledger) == before);
  CHECK(ledger->examine(Depth::blocks).faults.empty());
  CHECK(rows_of(killed.path(), "PRAGMA foreign_key_check").empty());
}

TEST_CASE("sqlite ledger: one of schema 7 is refused, and not touched") {
  const Place place;
  place.issue();
  place.tamper("PRAGMA user_version=7");
  const Sha256Digest before = sha256_of_file(place.path().string());
  place.refused("has schema 7, this version knows up to 6");
  CHECK(category_of([&] { (void)open_ledger(place.path().string(), {}); }) == Category::refused);
  CHECK(sha256_of_file(place.path().string()) == before);
}

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

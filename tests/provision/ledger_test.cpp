#include "provision/ledger/ledger.h"

#include <sys/stat.h>

#include <catch2/catch.hpp>

#include "core/error.h"
#include "tests/category_of.h"
#include "tests/scratch.h"

using namespace lightseed;

namespace {

BatchRecord batch(const std::string& id, const std::string& order) {
  BatchRecord record;
  record.id = id;
  record.order_id = order;
  record.request = "{}";
  record.directory = "/somewhere";
  record.staging = "/somewhere/else";
  record.created = "2026-01-01T00:00:00Z";
  return record;
}

BlockEntry block(unsigned char id, const std::string& iccid) {
  BlockEntry entry;
  entry.id.fill(std::byte{id});
  entry.iccid = iccid;
  entry.file = 1;
  return entry;
}

using test::category_of;

}  // namespace

TEST_CASE("a batch walks its states, and no state can be skipped or left twice") {
  const test::Scratch scratch;
  Ledger ledger(scratch / "ledger.db");
  ledger.begin(batch("b1", "o1"));
  const BlockEntry blocks[] = {block(1, "A"), block(2, "B")};
  ledger.add_blocks("b1", blocks);
  CHECK(ledger.block_counts("b1") == Json{{"GENERATED", 2}});
  CHECK(category_of([&] { ledger.issue("b1"); }) == Category::refused);
  ledger.certify("b1", "TEST", "abc");
  CHECK(category_of([&] { ledger.certify("b1", "TEST", "abc"); }) == Category::refused);
  CHECK(ledger.block_counts("b1") == Json{{"CERTIFIED", 2}});
  ledger.issue("b1");
  CHECK(category_of([&] { ledger.issue("b1"); }) == Category::refused);
  CHECK(category_of([&] { ledger.burn("b1"); }) == Category::refused);
  CHECK(ledger.block_counts("b1") == Json{{"ISSUED", 2}});
  CHECK(ledger.live_batch_of_order("o1")->certificate_sha256 == "abc");
}

TEST_CASE("an order has one live batch; burning it frees the order, not its charges") {
  const test::Scratch scratch;
  Ledger ledger(scratch / "ledger.db");
  ledger.begin(batch("b1", "o1"));
  CHECK(category_of([&] { ledger.begin(batch("b2", "o1")); }) == Category::refused);
  const BlockEntry first[] = {block(1, "A")};
  ledger.add_blocks("b1", first);
  CHECK(ledger.burn("b1") == 1);
  CHECK(category_of([&] { ledger.burn("b1"); }) == Category::refused);
  CHECK(!ledger.live_batch_of_order("o1"));
  ledger.begin(batch("b2", "o1"));
  // The same block id cannot enter twice, whatever the batch.
  CHECK(category_of([&] { ledger.add_blocks("b2", first); }) == Category::io);
  CHECK(ledger.block_counts("b2").empty());
  const BlockEntry second[] = {block(2, "A")};
  ledger.add_blocks("b2", second);
  Database database(scratch / "ledger.db", false);
  auto query = database.prepare("SELECT max(charge) FROM block WHERE iccid = 'A'");
  REQUIRE(query.step());
  CHECK(query.number(0) == 2);
}

TEST_CASE("a block is delivered once: the table itself refuses a second delivery") {
  const test::Scratch scratch;
  {
    Ledger ledger(scratch / "ledger.db");
    ledger.begin(batch("b1", "o1"));
    const BlockEntry blocks[] = {block(1, "A")};
    ledger.add_blocks("b1", blocks);
    ledger.certify("b1", "TEST", "x");
    ledger.issue("b1");
  }
  Database database(scratch / "ledger.db", false);
  CHECK_THROWS_WITH(database.execute("INSERT INTO delivery (block, batch) SELECT id, batch FROM block"),
                    Catch::Contains("UNIQUE"));
}

TEST_CASE("the ledger file is private, durable and checks its schema") {
  const test::Scratch scratch;
  { const Ledger ledger(scratch / "ledger.db"); }
  struct stat status {};
  REQUIRE(stat((scratch / "ledger.db").c_str(), &status) == 0);
  CHECK((status.st_mode & 0777) == 0600);
  {
    Database database(scratch / "ledger.db", false);
    auto mode = database.prepare("PRAGMA journal_mode");
    REQUIRE(mode.step());
    CHECK(mode.text(0) == "wal");
    auto synchronous = database.prepare("PRAGMA synchronous");
    REQUIRE(synchronous.step());
    CHECK(synchronous.number(0) == 2);  // FULL
    database.execute("PRAGMA user_version=99");
  }
  CHECK(category_of([&] { const Ledger ledger(scratch / "ledger.db"); }) == Category::refused);
  CHECK(category_of([&] { const Ledger ledger(scratch / "missing.db", true); }) == Category::io);
}

TEST_CASE("one process issues at a time") {
  const test::Scratch scratch;
  const LedgerLock lock(scratch / "ledger.db");
  CHECK(category_of([&] { const LedgerLock second(scratch / "ledger.db"); }) == Category::refused);
}

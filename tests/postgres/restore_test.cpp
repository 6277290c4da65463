// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <catch2/catch.hpp>
#include <cstdlib>
#include <filesystem>
#include <string>
#include <vector>

#include "core/error.h"
#include "provision/ledger/ledger.h"
#include "provision/ledger/postgres/schema.h"
#include "provision/ledger/sql/schema_text.h"
#include "tests/category_of.h"
#include "tests/postgres/cluster.h"
#include "tests/provision/ledger/samples.h"

// A ledger in PostgreSQL that its server put back from a copy: what the copy does not know must not come back, on
// whichever host.

using namespace lightseed;
using test::category_of;
using test::Cluster;
namespace fs = std::filesystem;

namespace {

/// What one of several hosts remembers; the one that was made last is this host.
class Host {
 public:
  explicit Host(const char* name) : state_(Cluster::get().directory() / name) { be(); }
  void be() const { setenv("XDG_STATE_HOME", state_.c_str(), 1); }
  ~Host() { setenv("XDG_STATE_HOME", (Cluster::get().directory() / "state").c_str(), 1); }
  Host(const Host&) = delete;
  Host& operator=(const Host&) = delete;

 private:
  fs::path state_;
};

/// A ledger with an issued batch of SIM A and one of SIM B that is certified and not issued; its copy; and what went on
/// after that: b2 was issued, and b3.
class PutBack {
 public:
  PutBack() : uri(Cluster::get().fresh_uri()) {
    {
      const auto ledger = open();
      const auto lock = ledger->issuing_lock();
      test::issue_one(*ledger, "b1", "o1", 1, "A");
      ledger->begin(test::sample_batch("b2", "o2"));
      const BlockEntry blocks[] = {test::sample_block(2, "B")};
      ledger->add_blocks("b2", blocks);
      test::certify(*ledger, "b2", 1);
    }
    Cluster::get().sql("CREATE SCHEMA " + copy());
    for (const std::string& table : tables())
      Cluster::get().sql(
          fmt::format("CREATE TABLE {}.{} AS TABLE {}.{}", copy(), table, Cluster::schema_of(uri), table));
  }
  void go_on() const {
    const auto ledger = open();
    const auto lock = ledger->issuing_lock();
    ledger->issue("b2");
    test::issue_one(*ledger, "b3", "o3", 3, "A");
  }
  void put_back() const {
    std::string sql = "BEGIN; SET CONSTRAINTS ALL DEFERRED;";
    for (const std::string& table : tables())
      sql += fmt::format("DELETE FROM {}.{};", Cluster::schema_of(uri), table);
    const auto all = tables();
    for (auto table = all.rbegin(); table != all.rend(); ++table)
      sql += fmt::format("INSERT INTO {}.{} SELECT * FROM {}.{};", Cluster::schema_of(uri), *table, copy(), *table);
    Cluster::get().sql(sql + "COMMIT");
  }
  [[nodiscard]] Restoration restore(bool anyway = false) const {
    return restore_ledger({}, uri, {.mode = LedgerAccess::Mode::issue, .without_memory = anyway});
  }
  [[nodiscard]] std::unique_ptr<Ledger> open(std::vector<std::string>* told = nullptr, bool without = false) const {
    LedgerAccess access{.mode = LedgerAccess::Mode::issue, .without_memory = without};
    if (told != nullptr) access.notice = [told](const std::string& words) { told->push_back(words); };
    return open_ledger(uri, access);
  }

  std::string uri;

 private:
  [[nodiscard]] std::string copy() const { return Cluster::schema_of(uri) + "_copy"; }
  static std::vector<std::string> tables() { return postgres_tables(ledger_schema_version); }
};

}  // namespace

TEST_CASE("postgres ledger: one that was put back from an older copy goes on in a new epoch, in place") {
  const PutBack place;
  place.go_on();
  place.put_back();
  CHECK(category_of([&] { (void)place.open()->issuing_lock(); }) == Category::refused);
  const Restoration done = place.restore();
  CHECK(done.is_new_epoch);
  CHECK(done.epoch == 2);
  CHECK(done.burned == 1);
  CHECK(done.orders == std::vector<std::string>{"o2"});
  const auto ledger = place.open();
  CHECK(ledger->position() == done.position);
  CHECK(ledger->epoch() == 2);
  const auto lock = ledger->issuing_lock();
  CHECK(category_of([&] { ledger->issue("b2"); }) == Category::refused);
  CHECK(category_of([&] { ledger->begin(test::sample_batch("b3", "o3")); }) == Category::refused);
  ledger->begin(test::sample_batch("b4", "e2.o3"));
  const BlockEntry blocks[] = {test::sample_block(4, "A")};
  CHECK(ledger->add_blocks("b4", blocks) == std::vector<std::uint64_t>{1'000'001});
  CHECK(ledger->examine(Depth::blocks).faults.empty());
  CHECK(ledger->events().back().what == "begun");
  const auto waiting = ledger->waiting_messages(100);
  REQUIRE_FALSE(waiting.empty());
  CHECK(waiting.back().event == "restored");
  CHECK(waiting.back().epoch == 2);
}

TEST_CASE("postgres ledger: a second copy that is put back begins a third epoch") {
  const PutBack place;
  place.go_on();
  place.put_back();
  CHECK(place.restore().epoch == 2);
  place.put_back();
  CHECK(place.restore().epoch == 3);
}

TEST_CASE("postgres ledger: nothing begins where nothing was lost, somebody issues, or it was tampered with") {
  const PutBack place;
  const auto position = place.open()->position();
  CHECK(category_of([&] { (void)place.restore(); }) == Category::refused);
  CHECK(place.open()->position() == position);
  place.go_on();
  CHECK(category_of([&] { (void)place.restore(); }) == Category::refused);
  place.put_back();
  {
    // Somebody of another host, who does not know yet.
    const Host other("hasty");
    const auto ledger = place.open(nullptr, true);
    const auto lock = ledger->issuing_lock();
    CHECK(category_of([&] { (void)place.restore(true); }) == Category::busy);
  }
  Cluster::get().sql_in(place.uri, "UPDATE block SET iccid = 'Z' WHERE iccid = 'A'");
  CHECK(category_of([&] { (void)place.restore(); }) == Category::refused);
  CHECK(category_of([&] { (void)place.restore(true); }) == Category::refused);
  CHECK(place.open()->position() == position);
  // A file is not read, and where there is no ledger none is made.
  CHECK(category_of([&] { (void)restore_ledger("copy.db", place.uri, {.mode = LedgerAccess::Mode::issue}); }) ==
        Category::refused);
  const std::string empty = Cluster::get().fresh_uri();
  CHECK(category_of([&] { (void)restore_ledger({}, empty, {.mode = LedgerAccess::Mode::issue}); }) == Category::io);
  CHECK(category_of([&] { (void)open_ledger(empty, {}); }) == Category::io);
}

TEST_CASE("postgres ledger: a host that remembers nothing begins no epoch unless it is told to") {
  const PutBack place;
  place.go_on();
  place.put_back();
  const Host stranger("stranger");
  CHECK(category_of([&] { (void)place.restore(); }) == Category::refused);
  CHECK(place.restore(true).epoch == 2);
  CHECK(place.open()->issuing_lock() != nullptr);
}

TEST_CASE("postgres ledger: the other hosts learn of a new epoch, and of a roll-back inside of it") {
  const Host first("first");
  const PutBack place;
  place.go_on();
  const Host second("second");
  {
    const auto ledger = place.open(nullptr, true);
    const auto lock = ledger->issuing_lock();
    test::issue_one(*ledger, "b5", "o5", 5, "C");
  }
  place.put_back();
  // Both are refused until one of them, which remembers more, begins the epoch.
  CHECK(category_of([&] { (void)place.open()->issuing_lock(); }) == Category::refused);
  first.be();
  CHECK(category_of([&] { (void)place.open()->issuing_lock(); }) == Category::refused);
  CHECK(place.restore().epoch == 2);
  second.be();
  CHECK(open_ledger(place.uri, {})->examine(Depth::history).faults.empty());
  std::vector<std::string> told;
  {
    const auto ledger = place.open(&told);
    const auto lock = ledger->issuing_lock();
    REQUIRE_FALSE(told.empty());
    CHECK_THAT(told.front(), Catch::Contains("is in epoch 2"));
    CHECK(category_of([&] { ledger->begin(test::sample_batch("b6", "o6")); }) == Category::refused);
    test::issue_one(*ledger, "b6", "e2.o6", 6, "C");
  }
  // It remembers that epoch now: the same copy put back once more is older for it, too.
  place.put_back();
  CHECK(category_of([&] { (void)place.open()->issuing_lock(); }) == Category::refused);
  CHECK(place.restore().epoch == 3);
}

namespace {

/// Makes a ledger's tables those of schema 5, where blocks and deliveries named batches by their ids.
void name_batches_by_ids(const std::string& uri) {
  Cluster::get().sql_in(uri, R"(
    ALTER TABLE block DROP CONSTRAINT block_batch_fkey; ALTER TABLE delivery DROP CONSTRAINT delivery_batch_fkey;
    DROP INDEX block_by_batch;
    ALTER TABLE block ALTER COLUMN batch TYPE TEXT COLLATE "C"; ALTER TABLE delivery ALTER COLUMN batch TYPE TEXT COLLATE "C";
    UPDATE block SET batch = b.id FROM batch b WHERE b.number::text = block.batch;
    UPDATE delivery SET batch = b.id FROM batch b WHERE b.number::text = delivery.batch;
    ALTER TABLE block ADD FOREIGN KEY (batch) REFERENCES batch (id);
    ALTER TABLE delivery ADD FOREIGN KEY (batch) REFERENCES batch (id);
    CREATE INDEX block_by_batch ON block (batch);
    ALTER TABLE batch DROP COLUMN number;
    DELETE FROM ledger_schema; INSERT INTO ledger_schema VALUES (5))");
}

}  // namespace

TEST_CASE(
    "postgres ledger: schema 5 becomes schema 6: batches get numbers, rights stay, and nothing else is different") {
  const std::string uri = Cluster::get().fresh_uri();
  {
    const auto ledger = open_ledger(uri, {.mode = LedgerAccess::Mode::issue});
    BatchRecord burned = test::sample_batch("it's b0", "o0");  // a quote is a letter
    burned.created = "2026-02-01T00:00:00Z";
    ledger->begin(burned);
    const BlockEntry blocks[] = {test::sample_block(9, "A")};
    ledger->add_blocks(burned.id, blocks);
    ledger->burn(burned.id, "as a test");
    test::issue_one(*ledger, "b1", "o1", 1, "A");
    test::issue_one(*ledger, "b2", "o2", 2, "B");
    REQUIRE(ledger->revoke("B", "lost") == 1);
    ledger->begin(test::sample_batch("b3", "o3"));
    const BlockEntry more[] = {test::sample_block(3, "C")};
    ledger->add_blocks("b3", more);
  }
  name_batches_by_ids(uri);
  const std::string schema = Cluster::schema_of(uri);
  Cluster::get().sql("DROP ROLE IF EXISTS reader6; CREATE ROLE reader6 LOGIN");
  Cluster::get().sql(fmt::format("GRANT SELECT ON {}.block TO reader6", schema));
  const auto told_by = [](Ledger& ledger) {
    std::string words;
    for (const char* const sim : {"A", "B", "C"})
      for (const SimBlock& block : ledger.blocks_of_sim(sim))
        words += fmt::format("{} {} {} {}\n", sim, block.batch.id, block.block, name_of(stage_of(block.facts)));
    for (const BatchRecord& batch : ledger.batches())
      for (const auto& [stage, count] : ledger.stages(batch.id))
        words += fmt::format("{} {} {}\n", batch.id, name_of(stage), count);
    return words;
  };
  std::string before;
  {
    const auto ledger = open_ledger(uri, {});
    for (const Depth depth : {Depth::batches, Depth::history, Depth::blocks})
      CHECK(ledger->examine(depth).faults.empty());
    before = told_by(*ledger);
  }
  SECTION("it is sound") {
    const auto ledger = open_ledger(uri, {.mode = LedgerAccess::Mode::issue});
    CHECK(told_by(*ledger) == before);
    CHECK(ledger->examine(Depth::blocks).faults.empty());
    CHECK(Cluster::get().sql(fmt::format("SELECT has_table_privilege('reader6', '{}.block', 'SELECT')", schema)) ==
          "t");
    CHECK(Cluster::get().sql(fmt::format("SELECT string_agg(id, ' ' ORDER BY number) FROM {}.batch", schema)) ==
          "b1 b2 b3 it's b0");
    const auto lock = ledger->issuing_lock();
    test::issue_one(*ledger, "b4", "o4", 4, "B");
    CHECK(ledger->examine(Depth::blocks).faults.empty());
    CHECK(Cluster::get().sql(fmt::format("SELECT number FROM {}.batch WHERE id = 'b4'", schema)) == "5");
  }
  SECTION("a block was changed") {
    Cluster::get().sql_in(uri, "UPDATE block SET iccid = 'Z' WHERE iccid = 'A'");
    CHECK(category_of([&] { (void)open_ledger(uri, {.mode = LedgerAccess::Mode::issue}); }) == Category::refused);
    CHECK(Cluster::get().sql(fmt::format("SELECT version FROM {}.ledger_schema", schema)) == "5");
  }
  SECTION("it ends in its middle: all of it is undone") {
    // Deliveries are changed last.
    Cluster::get().sql_in(uri, "ALTER TABLE delivery DROP CONSTRAINT delivery_batch_fkey");
    CHECK(category_of([&] { (void)open_ledger(uri, {.mode = LedgerAccess::Mode::issue}); }) == Category::io);
    CHECK(told_by(*open_ledger(uri, {})) == before);
    CHECK(Cluster::get().sql(fmt::format("SELECT version FROM {}.ledger_schema", schema)) == "5");
  }
  Cluster::get().sql("DROP OWNED BY reader6; DROP ROLE reader6");
}

TEST_CASE("postgres ledger: nothing is migrated while somebody issues, nor by who does not own the tables") {
  const std::string uri = Cluster::get().fresh_uri();
  const std::string schema = Cluster::schema_of(uri);
  const auto version = [&] { return Cluster::get().sql(fmt::format("SELECT version FROM {}.ledger_schema", schema)); };
  {
    const auto ledger = open_ledger(uri, {.mode = LedgerAccess::Mode::issue});
    test::issue_one(*ledger, "b1", "o1", 1, "A");
    const auto lock = ledger->issuing_lock();
    name_batches_by_ids(uri);
    CHECK(category_of([&] { (void)open_ledger(uri, {.mode = LedgerAccess::Mode::issue}); }) == Category::busy);
    CHECK(version() == "5");
  }
  Cluster::get().sql("DROP ROLE IF EXISTS clerk6; CREATE ROLE clerk6 LOGIN");
  Cluster::get().sql(
      fmt::format("GRANT USAGE, CREATE ON SCHEMA {0} TO clerk6; GRANT SELECT, INSERT, UPDATE ON ALL TABLES "
                  "IN SCHEMA {0} TO clerk6; GRANT EXECUTE ON FUNCTION pg_control_system() TO clerk6",
                  schema));
  try {
    (void)open_ledger(Cluster::as_user(uri, "clerk6"), {.mode = LedgerAccess::Mode::issue});
    FAIL("it may");
  } catch (const Error& e) {
    CHECK(e.category() == Category::refused);
    CHECK_THAT(e.what(), Catch::Contains("its tables belong to"));
  }
  CHECK(version() == "5");
  Cluster::get().sql("DROP OWNED BY clerk6; DROP ROLE clerk6");
  CHECK(open_ledger(uri, {.mode = LedgerAccess::Mode::issue})->examine(Depth::blocks).faults.empty());
  CHECK(version() == "6");
}

TEST_CASE("postgres ledger: schema 4 becomes this version's, and what it holds counts as told") {
  const std::string uri = Cluster::get().fresh_uri();
  {
    const auto ledger = open_ledger(uri, {.mode = LedgerAccess::Mode::issue});
    test::issue_one(*ledger, "b1", "o1", 1, "A");
  }
  name_batches_by_ids(uri);
  // The event that issued it held no digest then; the rest of the chain is made anew.
  Cluster::get().sql_in(uri, "DROP TABLE outbox; DELETE FROM ledger_schema; INSERT INTO ledger_schema VALUES (4)");
  {
    const auto ledger = open_ledger(uri, {});
    CHECK(ledger->count_waiting() == 0);
    CHECK(ledger->examine(Depth::blocks).faults.empty());
  }
  std::vector<std::string> told;
  const auto ledger = open_ledger(
      uri, {.mode = LedgerAccess::Mode::issue, .notice = [&](const std::string& words) { told.push_back(words); }});
  REQUIRE(told.size() == 1);
  CHECK_THAT(told[0], Catch::Contains("of schema 4 and is now of schema 6"));
  CHECK(ledger->count_waiting() == 0);
  CHECK(ledger->events().back().what == "migrated");
  CHECK(ledger->revoke("A", "lost") == 1);
  CHECK(ledger->count_waiting() == 1);
  CHECK(ledger->examine(Depth::blocks).faults.empty());
}

TEST_CASE("postgres ledger: who may not change the outbox is told which right is missing") {
  const std::string uri = Cluster::get().fresh_uri();
  {
    const auto ledger = open_ledger(uri, {.mode = LedgerAccess::Mode::issue});
    test::issue_one(*ledger, "b1", "o1", 1, "A");
  }
  const std::string schema = Cluster::schema_of(uri);
  Cluster::get().sql("CREATE ROLE clerk LOGIN");
  Cluster::get().sql(
      fmt::format("GRANT USAGE ON SCHEMA {0} TO clerk; GRANT SELECT, INSERT, UPDATE ON ALL TABLES IN "
                  "SCHEMA {0} TO clerk; REVOKE UPDATE ON {0}.outbox FROM clerk; GRANT EXECUTE ON "
                  "FUNCTION pg_control_system() TO clerk",
                  schema));
  try {
    (void)open_ledger(Cluster::as_user(uri, "clerk"), {.mode = LedgerAccess::Mode::issue});
    FAIL("it may");
  } catch (const Error& e) {
    CHECK(e.category() == Category::refused);
    CHECK_THAT(e.what(), Catch::Contains("UPDATE on outbox"));
  }
}

// SPDX-License-Identifier: Apache-2.0
#include <sys/stat.h>

#include <algorithm>
#include <catch2/catch.hpp>
#include <filesystem>
#include <sstream>

#include "core/json.h"
#include "evidence/issue_request_record.h"
#include "provision/ledger/ledger.h"
#include "provision/ledger/sqlite/database.h"
#include "tests/cli/run_captured.h"
#include "tests/provision/ledger/samples.h"
#include "tests/scratch.h"

// The verbs that answer from a ledger alone.

namespace lightseed::test {
namespace {

using Catch::Contains;
using Catch::StartsWith;

constexpr const char* sim = "8988211000000000011";
constexpr const char* burned_sim = "8988211000000000029";
constexpr const char* unknown_sim = "89882110000000000333";

/// A ledger with two orders for one SIM, and one that was burned for another.
class Known {
 public:
  Known() {
    const auto ledger = open_ledger(path(), {.mode = LedgerAccess::Mode::issue});
    issue_one(*ledger, "b1", "first", 1, sim);
    issue_one(*ledger, "b2", "second\033[2J", 2, sim);
    ledger->begin(sample_batch("b3", "third"));
    const BlockEntry blocks[] = {sample_block(3, burned_sim)};
    ledger->add_blocks("b3", blocks);
    ledger->burn("b3", "the source went away");
  }
  [[nodiscard]] std::string path() const { return (scratch_.path() / "ledger.db").string(); }
  [[nodiscard]] Captured find(const std::string& iccid, bool json = false) const {
    std::vector<std::string> words{"batch", "find", "--ledger", path(), "--iccid", iccid};
    if (json) words.emplace_back("--json");
    return run_captured(words);
  }
  /// Changes the ledger behind its back.
  void change(const char* sql) const { Database(path(), Database::Mode::write).execute(sql); }

 private:
  Scratch scratch_;
};

TEST_CASE("batch find: every batch of a SIM, with what leads to its keys") {
  const Known known;
  const Captured found = known.find(sim);
  CHECK(found.code == 0);
  CHECK(found.err.empty());
  CHECK_THAT(found.out, StartsWith("batch      b1\norder      first\nstate      ISSUED\ncharge     1 of this SIM\n"
                                   "block      01010101010101010101010101010101\nfile       number 1\n"
                                   "directory  /somewhere\ncreated    2026-01-01T00:00:00Z\n"));
  CHECK_THAT(found.out, Contains("charge     2 of this SIM") && Contains("order      second\\x1b[2J\n"));
  const Json json = Json::parse(known.find(sim, true).out);
  CHECK(json.at("schema") == "lightseed/batch-find/v1");
  CHECK(json.at("blocks").size() == 2);
  CHECK(json.at("blocks")[1].at("order") == "second\033[2J");
  CHECK(json.at("blocks")[1].at("charge") == 2);
  CHECK(json.at("faults").empty());
}

TEST_CASE("batch find: a number is read as orders are") {
  const Known known;
  CHECK(known.find(std::string(sim) + "F").code == 0);
  CHECK(known.find(std::string(sim) + "f").code == 0);
  const Captured wrong = known.find("8988211000000000012");
  CHECK(wrong.code == 2);
  CHECK_THAT(wrong.err, Contains("wrong check digit"));
  CHECK(known.find("").code == 2);
  CHECK(known.find("b1").code == 2);
  // One that today's rules would refuse, of a ledger of before.
  {
    const auto ledger = open_ledger(known.path(), {.mode = LedgerAccess::Mode::issue});
    issue_one(*ledger, "b4", "fourth", 4, "4711");
  }
  CHECK(known.find("4711").code == 0);
}

TEST_CASE("batch find: a SIM without keys is told, and burned ones are none") {
  const Known known;
  const Captured none = known.find(unknown_sim);
  CHECK(none.code == 1);
  CHECK(none.out == std::string("No batch of this ledger holds keys for SIM ") + unknown_sim + ".\n");
  CHECK(Json::parse(known.find(unknown_sim, true).out).at("blocks").empty());
  const Captured burned = known.find(burned_sim);
  CHECK(burned.code == 1);
  CHECK_THAT(burned.out, Contains("state      BURNED") && Contains("has no keys that may be used"));
}

TEST_CASE("batch find: a row that was changed by hand does not answer alone") {
  const Known known;
  known.change(
      "UPDATE block SET iccid = '89882110000000000333' WHERE batch = (SELECT number FROM batch WHERE id = 'b2')");
  for (const char* const iccid : {sim, unknown_sim}) {
    const Captured found = known.find(iccid);
    CHECK(found.code == 1);
    CHECK_THAT(found.out, Contains("FAULT") && Contains("the ledger was changed by something else"));
    CHECK(Json::parse(known.find(iccid, true).out).at("faults").size() == 1);
  }
}

TEST_CASE("batch find: no ledger, and what is none") {
  const Scratch scratch;
  const std::string missing = (scratch.path() / "none.db").string();
  CHECK(run_captured({"batch", "find", "--ledger", missing, "--iccid", sim}).code == 4);
  CHECK_FALSE(std::filesystem::exists(missing));
}

TEST_CASE("batch find: reading changes nothing beside the ledger either") {
  const Known known;
  const auto folder = std::filesystem::path(known.path()).parent_path();
  const auto names = [&] {
    std::vector<std::string> all;
    for (const auto& entry : std::filesystem::directory_iterator(folder))
      all.push_back(entry.path().filename().string() +
                    std::to_string(entry.last_write_time().time_since_epoch().count()));
    std::sort(all.begin(), all.end());
    return all;
  };
  const auto before = names();
  REQUIRE(chmod(known.path().c_str(), 0400) == 0);
  REQUIRE(chmod(folder.c_str(), 0500) == 0);
  CHECK(known.find(sim).code == 0);
  REQUIRE(chmod(folder.c_str(), 0700) == 0);
  CHECK(names() == before);
}

std::size_t widest_line(const std::string& text) {
  std::size_t widest = 0;
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);)
    widest = std::max(widest, line.size());
  return widest;
}

/// As issue() writes it.
std::string words_of_request() {
  return request_text({.order_sha256 = "x",
                       .sims = 3,
                       .keys_per_sim = 1000,
                       .key_bytes = 16,
                       .recipients = {},
                       .signer_sha256 = "y",
                       .expansion = {}});
}

TEST_CASE("batch status: a table for programs and wide terminals, paragraphs on narrow ones") {
  const Known known;
  const std::vector<std::string> words{"batch", "status", "--ledger", known.path()};
  const std::string table = run_captured(words).out;
  CHECK_THAT(table, StartsWith("STATE   BEGUN (UTC)       CHANGED (UTC)     SIMS  KEYS  ORDER\n"
                               "ISSUED  2026-01-01 00:00  "));
  CHECK_THAT(table, Contains("ORDER\nISSUED") && Contains("  first\n  batch b1, TEST\n  in /somewhere\n") &&
                        Contains("  second\\x1b[2J\n") && Contains("\nBURNED ") &&
                        Contains("\n  burned: the source went away\n"));
  for (const unsigned columns : {40U, 80U, 200U}) {
    const std::string shown =
        run_captured(words, {.out_is_terminal = true, .columns = [columns] { return columns; }}).out;
    CAPTURE(columns, shown);
    CHECK(widest_line(shown) <= columns);
    CHECK_THAT(shown, columns == 40 ? StartsWith("ISSUED: first\n  1 SIM, ? of keys\n  begun 2026-01-01 00:00\n")
                                    : StartsWith("STATE "));
    CHECK_THAT(shown, Contains("the source went away") && Contains("b3") && Contains("/somewhere"));
  }
}

TEST_CASE("batch status: an unfinished batch is running while somebody issues, and dead when nobody does") {
  const Known known;
  const std::vector<std::string> words{"batch", "status", "--ledger", known.path()};
  const auto ledger = open_ledger(known.path(), {.mode = LedgerAccess::Mode::issue});
  BatchRecord batch = sample_batch("b4", "fourth");
  batch.request = words_of_request();
  batch.created = "2026-02-01T00:00:00Z";
  ledger->begin(batch);
  const BlockEntry blocks[] = {sample_block(4, sim)};
  ledger->add_blocks("b4", blocks);
  CHECK_THAT(run_captured(words).out, Contains("GENERATED, dead") && Contains("1 of 3  48.0 kB  fourth"));
  {
    const auto lock = ledger->issuing_lock();
    CHECK_THAT(run_captured(words).out, Contains("GENERATED, running") && !Contains("dead"));
    std::vector<std::string> as_json = words;
    as_json.emplace_back("--json");
    const Json json = Json::parse(run_captured(as_json).out);
    const Json& last = json.at("batches").back();
    CHECK(last.at("running") == true);
    CHECK(last.at("sims") == 3);
    CHECK(last.at("key_bytes_total") == 48000);
    CHECK(json.at("batches")[2].at("reason") == "the source went away");
    CHECK_FALSE(json.at("batches")[0].contains("running"));
    CHECK_FALSE(json.at("batches")[0].contains("sims"));
  }
  // Two that are not ended: one process issues at a time, so the older one is dead whatever happens.
  batch = sample_batch("b5", "fifth");
  batch.created = "2026-03-01T00:00:00Z";
  ledger->begin(batch);
  const auto lock = ledger->issuing_lock();
  CHECK_THAT(run_captured(words).out, Contains("GENERATED, dead") && Contains("GENERATED, running"));
}

}  // namespace
}  // namespace lightseed::test

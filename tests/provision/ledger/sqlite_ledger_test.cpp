// SPDX-License-Identifier: Apache-2.0
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <catch2/catch.hpp>
#include <cerrno>
#include <fstream>
#include <functional>

#include "core/error.h"
#include "crypto/digest.h"
#include "provision/ledger/ledger.h"
#include "provision/ledger/sqlite/database.h"
#include "tests/category_of.h"
#include "tests/provision/ledger/samples.h"
#include "tests/scratch.h"
#include "tests/test_paths.h"

// What can be done to a ledger's file from outside, and what the ledger says to it.

using namespace lightseed;
using test::category_of;
using test::sample_batch;
using test::sample_block;
namespace fs = std::filesystem;

namespace {

int flock_fails_with = 0;  // the linker sends flock here first

}  // namespace

extern "C" int __real_flock(int fd, int operation);
extern "C" int __wrap_flock(int fd, int operation) {
  if (flock_fails_with == 0) return __real_flock(fd, operation);
  errno = flock_fails_with;
  return -1;
}

namespace {

std::unique_ptr<Ledger> open(const std::string& uri, std::vector<std::string>* told = nullptr) {
  LedgerAccess access{.mode = LedgerAccess::Mode::issue};
  if (told != nullptr) access.notice = [told](const std::string& words) { told->push_back(words); };
  return open_ledger(uri, access);
}

/// A ledger in a directory of its own.
class Place {
 public:
  [[nodiscard]] fs::path path() const { return scratch_ / "ledger.db"; }
  [[nodiscard]] fs::path path(const char* name) const { return scratch_ / name; }
  [[nodiscard]] std::string head() const { return path().string() + ".head"; }

  /// One issued batch of order o1 for SIM A; under the lock, as real runs do.
  void issue(const std::string& batch = "b1", const std::string& order = "o1", unsigned char block = 1,
             const std::string& iccid = "A") const {
    const auto ledger = open(path().string());
    const auto lock = ledger->issuing_lock();
    test::issue_one(*ledger, batch, order, block, iccid);
  }

  void tamper(const std::string& sql) const { Database(path(), Database::Mode::write).execute(sql); }

  /// What happens to somebody who wants to issue.
  void refused(const std::string& words) const {
    CAPTURE(words);
    try {
      const auto ledger = open(path().string());
      (void)ledger->issuing_lock();
    } catch (const Error& e) {
      CHECK(e.category() == Category::refused);
      CHECK_THAT(e.what(), Catch::Contains(words));
      return;
    }
    FAIL_CHECK("the ledger was taken for issuing");
  }

 private:
  test::Scratch scratch_;
};

/// Runs `work` as somebody who owns nothing, in a child; true when it threw nothing. Needs root.
bool as_nobody(const std::function<void()>& work) {
  const pid_t child = fork();
  if (child == 0) {
    if (setgid(65534) != 0 || setuid(65534) != 0) _exit(2);
    try {
      work();
    } catch (...) {
      _exit(1);
    }
    _exit(0);
  }
  int status = 0;
  waitpid(child, &status, 0);
  return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

}  // namespace

TEST_CASE("sqlite ledger: private, in one file, and every commit on the disk") {
  const Place place;
  place.issue();
  struct stat status {};
  REQUIRE(stat(place.path().c_str(), &status) == 0);
  CHECK((status.st_mode & 0777) == 0600);
  Database database(place.path(), Database::Mode::write);
  auto mode = database.prepare("PRAGMA journal_mode");
  REQUIRE(mode.step());
  CHECK(mode.text(0) == "delete");
  CHECK(database.number("PRAGMA synchronous") == 3);  // EXTRA
  CHECK_THROWS_WITH(database.execute("INSERT INTO delivery (block, batch) SELECT id, batch FROM block"),
                    Catch::Contains("UNIQUE"));
  // Finding 6: a copy of the one file, without anything beside it, holds the issued batch.
  const Place other;
  fs::copy_file(place.path(), other.path());
  CHECK(open_ledger(other.path().string(), {})->batches()[0].state == BatchState::issued);
}

TEST_CASE("sqlite ledger: URI names, :memory: and what is no file are refused (F4)") {
  const Place place;
  for (const char* const name : {":memory:", "", "file:led.db", "file::memory:?cache=shared",
                                 "sqlite::memory:", "sqlite:", "postgresql://host/db"}) {
    CAPTURE(name);
    CHECK(category_of([&] { (void)open(name); }) == Category::usage);
  }
  // A question mark is part of the name, not the begin of options.
  const std::string odd = place.path("led?mode=memory.db").string();
  test::issue_one(*open(odd), "b1", "o1", 1, "A");
  CHECK(fs::file_size(odd) > 0);
  CHECK(open(odd)->batches().size() == 1);
  CHECK(category_of([&] { (void)open(place.path("").string()); }) == Category::usage);
  fs::create_directory(place.path("folder"));
  CHECK(category_of([&] { (void)open(place.path("folder").string()); }) == Category::refused);
  REQUIRE(mkfifo(place.path("fifo").c_str(), 0600) == 0);
  CHECK(category_of([&] { (void)open(place.path("fifo").string()); }) == Category::refused);
  CHECK(category_of([&] { (void)open((place.path("no") / "where.db").string()); }) == Category::io);
}

TEST_CASE("sqlite ledger: one lock whatever the name: symbolic links are the same ledger (F5, finding 14)") {
  const Place place;
  place.issue();
  fs::create_symlink(place.path(), place.path("link.db"));
  const auto one = open(place.path().string());
  const auto lock = one->issuing_lock();
  const auto two = open(place.path("link.db").string());
  CHECK(category_of([&] { (void)two->issuing_lock(); }) == Category::busy);
  // Removing what looks like a lock does not unlock.
  fs::remove(place.path().string() + ".lock");
  CHECK(category_of([&] { (void)two->issuing_lock(); }) == Category::busy);
  fs::create_symlink(place.path("nowhere"), place.path("dangling.db"));
  CHECK(category_of([&] { (void)open(place.path("dangling.db").string()); }) == Category::io);
}

TEST_CASE("sqlite ledger: a second process is told who issues (F12)") {
  const Place place;
  place.issue();
  const auto ledger = open(place.path().string());
  const auto lock = ledger->issuing_lock();
  const pid_t child = fork();
  if (child == 0) {
    // A descriptor that was inherited would share the lock: a process of its own opens the file itself.
    execlp("python3", "python3", "-c",
           "import fcntl,sys\nf=open(sys.argv[1])\ntry:\n fcntl.flock(f,fcntl.LOCK_EX|fcntl.LOCK_NB)\n"
           "except BlockingIOError:\n sys.exit(0)\nsys.exit(1)",
           place.path().c_str(), static_cast<char*>(nullptr));
    _exit(3);
  }
  int status = 0;
  waitpid(child, &status, 0);
  CHECK(WEXITSTATUS(status) == 0);
  std::string note;
  std::getline(std::ifstream(place.path().string() + ".lock"), note);
  CHECK(note == "pid " + std::to_string(getpid()));
  const auto second = open(place.path().string());
  CHECK_THROWS_WITH((void)second->issuing_lock(), Catch::Contains("pid " + std::to_string(getpid())));
}

TEST_CASE("sqlite ledger: a file system that cannot lock is not called another process (F12)") {
  const Place place;
  place.issue();
  const auto ledger = open(place.path().string());
  flock_fails_with = ENOLCK;
  try {
    (void)ledger->issuing_lock();
    FAIL_CHECK("it was locked");
  } catch (const Error& e) {
    CHECK(e.category() == Category::io);
    CHECK_THAT(e.what(), Catch::Contains("No locks available"));
  }
  flock_fails_with = 0;
  CHECK(ledger->issuing_lock() != nullptr);
}

TEST_CASE("sqlite ledger: a second hard link is refused (finding 6)") {
  const Place place;
  place.issue();
  fs::create_hard_link(place.path(), place.path("second.db"));
  place.refused("hard links");
  CHECK(category_of([&] { (void)open_ledger(place.path("second.db").string(), {}); }) == Category::refused);
  fs::remove(place.path("second.db"));
  CHECK(open(place.path().string())->issuing_lock() != nullptr);
  // One that appears while the ledger is open stops the next move.
  const auto ledger = open(place.path().string());
  fs::create_hard_link(place.path(), place.path("second.db"));
  CHECK(category_of([&] { ledger->begin(sample_batch("b2", "o2")); }) == Category::refused);
}

TEST_CASE("sqlite ledger: a ledger that others can change is refused (finding 18)") {
  const Place place;
  std::ofstream(place.path());
  fs::permissions(place.path(), fs::perms(0666));
  place.refused("chmod go-w");
  fs::permissions(place.path(), fs::perms(0600));
  place.issue();
  fs::permissions(place.path(), fs::perms(0620));
  place.refused("chmod go-w");
}

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
        "DELETE FROM event WHERE sequence = (SELECT max(sequence) FROM event)", "DELETE FROM event WHERE sequence = 2",
        "UPDATE event SET subject = 'x' WHERE sequence = 2",
        "INSERT INTO batch SELECT 'b9', 'o9', request, 'GENERATED', '/victim', '', '', created, changed FROM batch",
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
        "INSERT INTO allotment_page SELECT batch, 1, entries FROM allotment_page", "DELETE FROM allotment_page"}) {
    CAPTURE(change);
    const Place place;
    place.issue();
    CHECK(open(place.path().string())->examine(Depth::blocks).faults.empty());
    place.tamper(change);
    CHECK(open(place.path().string())->examine(Depth::blocks).faults.size() == 1);
  }
}

TEST_CASE("sqlite ledger: a SIM whose row was changed by hand is no new SIM (10.7)") {
  for (const char* const change :
       {"UPDATE block SET iccid = 'Z' WHERE iccid = 'S7'", "UPDATE block SET charge = 9 WHERE iccid = 'S7'",
        "UPDATE block SET batch = 'burned' WHERE iccid = 'S7'",
        "UPDATE block SET iccid = 'S7' WHERE iccid = 'S8'; UPDATE block SET charge = 1 WHERE iccid = 'S7'",
        "UPDATE allotment_page SET entries = (SELECT substr(entries, 17) FROM allotment_page)",
        "UPDATE allotment SET pages = x''", "DELETE FROM allotment_page; DELETE FROM allotment"}) {
    CAPTURE(change);
    const Place place;
    const auto ledger = open(place.path().string());
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
  CHECK(open(place.path().string())->known_sims(asked).count == 1);
}

TEST_CASE("sqlite ledger: a ledger appears with its first batch, and only then is it told to be new") {
  const Place place;
  std::vector<std::string> told;
  {
    const auto ledger = open(place.path().string(), &told);
    const auto lock = ledger->issuing_lock();
    CHECK(ledger->batches().empty());
  }
  CHECK(told.empty());
  CHECK(fs::is_empty(place.path().parent_path()));
  // A run that was killed there left one without a batch.
  {
    const auto killed = open(place.path().string());
    fs::copy_file(place.path(), place.path("killed.db"));
  }
  const auto later = open(place.path("killed.db").string(), &told);
  const auto lock = later->issuing_lock();
  told.clear();
  later->begin(sample_batch("b1", "o1"));
  REQUIRE(told.size() == 1);
  CHECK_THAT(told[0], Catch::Contains("is new"));
  later->begin(sample_batch("b2", "o2"));
  CHECK(told.size() == 1);
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
      const auto fork = open(place.path("elsewhere.db").string());
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
    const auto ledger = open(place.path().string(), &told);
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
  const auto copy = open(place.path("copy.db").string(), &told);
  const auto copy_lock = copy->issuing_lock();
  REQUIRE(told.size() == 1);
  CHECK_THAT(told[0], Catch::Contains(place.path().string()));
  const auto original = open(place.path().string());
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

TEST_CASE("sqlite ledger: reading changes no byte, and needs no right but to read (F6)") {
  const Place place;
  place.issue();
  fs::permissions(place.path(), fs::perms(0444));
  fs::permissions(place.path().parent_path(), fs::perms(0555));
  const Sha256Digest before = sha256_of_file(place.path().string());
  const auto names = [&] {
    std::vector<std::string> all;
    for (const auto& entry : fs::directory_iterator(place.path().parent_path()))
      all.push_back(entry.path().filename());
    std::sort(all.begin(), all.end());
    return all;
  };
  const auto there = names();
  const auto look = [&] {
    const auto ledger = open_ledger(place.path().string(), {});
    if (ledger->batches().size() != 1 || ledger->block_counts("b1").size() != 1 ||
        !ledger->examine(Depth::blocks).faults.empty())
      throw Error(Category::io, "the ledger reads differently");
  };
  look();
  if (geteuid() == 0) CHECK(as_nobody(look));
  CHECK(sha256_of_file(place.path().string()) == before);
  CHECK(names() == there);
  fs::permissions(place.path().parent_path(), fs::perms(0755));
}

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
    const auto ledger = open(place.path().string(), &told);
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
    const auto ledger = open(place.path().string(), &told);
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

TEST_CASE("sqlite ledger: a file that is replaced while it is in use stops the next move") {
  const Place place;
  place.issue();
  const auto ledger = open(place.path().string());
  const auto lock = ledger->issuing_lock();
  fs::rename(place.path(), place.path("moved.db"));
  CHECK(category_of([&] { ledger->begin(sample_batch("b2", "o2")); }) == Category::refused);
}

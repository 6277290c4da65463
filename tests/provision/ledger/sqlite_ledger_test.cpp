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
#include "tests/provision/ledger/place.h"

// What can be done to a ledger's file from outside, and what the ledger says to it.

using namespace lightseed;
using test::category_of;
using test::open_to_issue;
using test::Place;
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
  for (const char* const name :
       {":memory:", "", "file:led.db", "file::memory:?cache=shared", "sqlite::memory:", "sqlite:", "mysql://host/db"}) {
    CAPTURE(name);
    CHECK(category_of([&] { (void)open_to_issue(name); }) == Category::usage);
  }
  // A question mark is part of the name, not the begin of options.
  const std::string odd = place.path("led?mode=memory.db").string();
  test::issue_one(*open_to_issue(odd), "b1", "o1", 1, "A");
  CHECK(fs::file_size(odd) > 0);
  CHECK(open_to_issue(odd)->batches().size() == 1);
  CHECK(category_of([&] { (void)open_to_issue(place.path("").string()); }) == Category::usage);
  fs::create_directory(place.path("folder"));
  CHECK(category_of([&] { (void)open_to_issue(place.path("folder").string()); }) == Category::refused);
  REQUIRE(mkfifo(place.path("fifo").c_str(), 0600) == 0);
  CHECK(category_of([&] { (void)open_to_issue(place.path("fifo").string()); }) == Category::refused);
  CHECK(category_of([&] { (void)open_to_issue((place.path("no") / "where.db").string()); }) == Category::io);
}

TEST_CASE("sqlite ledger: one lock whatever the name: symbolic links are the same ledger (F5, finding 14)") {
  const Place place;
  place.issue();
  fs::create_symlink(place.path(), place.path("link.db"));
  const auto one = open_to_issue(place.path().string());
  const auto lock = one->issuing_lock();
  const auto two = open_to_issue(place.path("link.db").string());
  CHECK(category_of([&] { (void)two->issuing_lock(); }) == Category::busy);
  // Removing what looks like a lock does not unlock.
  fs::remove(place.path().string() + ".lock");
  CHECK(category_of([&] { (void)two->issuing_lock(); }) == Category::busy);
  fs::create_symlink(place.path("nowhere"), place.path("dangling.db"));
  CHECK(category_of([&] { (void)open_to_issue(place.path("dangling.db").string()); }) == Category::io);
}

TEST_CASE("sqlite ledger: a second process is told who issues (F12)") {
  const Place place;
  place.issue();
  const auto ledger = open_to_issue(place.path().string());
  const auto lock = ledger->issuing_lock();
  const pid_t child = fork();
  if (child == 0) {
    // A descriptor that was inherited would share the lock: a process of its own opens the file itself.
    execl("/usr/bin/python3", "python3", "-c",
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
  const auto second = open_to_issue(place.path().string());
  CHECK_THROWS_WITH((void)second->issuing_lock(), Catch::Contains("pid " + std::to_string(getpid())));
}

TEST_CASE("sqlite ledger: a file system that cannot lock is not called another process (F12)") {
  const Place place;
  place.issue();
  const auto ledger = open_to_issue(place.path().string());
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
  CHECK(open_to_issue(place.path().string())->issuing_lock() != nullptr);
  // One that appears while the ledger is open stops the next move.
  const auto ledger = open_to_issue(place.path().string());
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

TEST_CASE("sqlite ledger: a ledger appears with its first batch, and only then is it told to be new") {
  const Place place;
  std::vector<std::string> told;
  {
    const auto ledger = open_to_issue(place.path().string(), &told);
    const auto lock = ledger->issuing_lock();
    CHECK(ledger->batches().empty());
  }
  CHECK(told.empty());
  CHECK(fs::is_empty(place.path().parent_path()));
  // A run that was killed there left one without a batch.
  {
    const auto killed = open_to_issue(place.path().string());
    fs::copy_file(place.path(), place.path("killed.db"));
  }
  const auto later = open_to_issue(place.path("killed.db").string(), &told);
  const auto lock = later->issuing_lock();
  told.clear();
  later->begin(sample_batch("b1", "o1"));
  REQUIRE(told.size() == 1);
  CHECK_THAT(told[0], Catch::Contains("is new"));
  later->begin(sample_batch("b2", "o2"));
  CHECK(told.size() == 1);
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

TEST_CASE("sqlite ledger: a file that is replaced while it is in use stops the next move") {
  const Place place;
  place.issue();
  const auto ledger = open_to_issue(place.path().string());
  const auto lock = ledger->issuing_lock();
  fs::rename(place.path(), place.path("moved.db"));
  CHECK(category_of([&] { ledger->begin(sample_batch("b2", "o2")); }) == Category::refused);
}

// SPDX-License-Identifier: Apache-2.0
#include <sys/stat.h>

#include <algorithm>
#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "core/atomic_file.h"
#include "core/error.h"
#include "provision/ledger/epoch.h"
#include "provision/ledger/ledger.h"
#include "tests/category_of.h"
#include "tests/provision/ledger/place.h"
#include "tests/test_paths.h"

// A ledger that is put back from a copy: what the copy does not know must not come back.

using namespace lightseed;
using test::category_of;
using test::open_to_issue;
using test::Place;
namespace fs = std::filesystem;

namespace {

/// A ledger with an issued batch of SIM A and one of SIM B that is certified and not issued; and its copy.
class Copied : public Place {
 public:
  Copied() {
    issue("b1", "o1", 1, "A");
    const auto ledger = open_to_issue(path().string());
    const auto lock = ledger->issuing_lock();
    ledger->begin(test::sample_batch("b2", "o2"));
    const BlockEntry blocks[] = {test::sample_block(2, "B")};
    ledger->add_blocks("b2", blocks);
    test::certify(*ledger, "b2", 1);
    (void)ledger->back_up(copy());
  }

  [[nodiscard]] fs::path copy() const { return path("copy.db"); }
  /// The ledger goes on: what was certified is issued, and a batch that the copy does not know.
  void go_on() const {
    const auto ledger = open_to_issue(path().string());
    const auto lock = ledger->issuing_lock();
    ledger->issue("b2");
    test::issue_one(*ledger, "b3", "o3", 3, "A");
  }
  void lose() const { fs::rename(path(), path("damaged.db")); }
  [[nodiscard]] Restoration restore(bool without_memory = false) const {
    return restore_ledger(copy(), path().string(),
                          {.mode = LedgerAccess::Mode::issue, .without_memory = without_memory});
  }
  [[nodiscard]] std::unique_ptr<Ledger> ledger() const { return open_to_issue(path().string()); }
  /// Nothing but these files is there.
  [[nodiscard]] bool has_only(std::vector<std::string> names) const {
    std::vector<std::string> found;
    for (const auto& entry : fs::directory_iterator(path().parent_path()))
      found.push_back(entry.path().filename().string());
    std::ranges::sort(found);
    std::ranges::sort(names);
    return found == names;
  }
};

}  // namespace

TEST_CASE("sqlite ledger: the newest copy is put back as it was, and goes on") {
  const Copied place;
  place.lose();
  const Restoration done = place.restore();
  CHECK_FALSE(done.is_new_epoch);
  CHECK(done.epoch == 1);
  const auto ledger = place.ledger();
  CHECK(ledger->position() == done.position);
  const auto lock = ledger->issuing_lock();
  ledger->issue("b2");
  test::issue_one(*ledger, "b3", "o3", 3, "A");
  CHECK(ledger->examine(Depth::blocks).faults.empty());
}

TEST_CASE("sqlite ledger: an older copy goes on in a new epoch, and resurrects nothing") {
  const Copied place;
  place.go_on();
  const LedgerPosition forgotten = open_ledger(place.path().string(), {})->position().value();
  place.lose();
  const Restoration done = place.restore();
  CHECK(done.is_new_epoch);
  CHECK(done.epoch == 2);
  CHECK(done.burned == 1);
  CHECK(done.orders == std::vector<std::string>{"o2"});
  CHECK(place.has_only({"ledger.db", "ledger.db.head", "copy.db", "copy.db.head", "damaged.db"}));
  struct stat status {};
  REQUIRE(stat(place.path().c_str(), &status) == 0);
  CHECK((status.st_mode & 0777) == 0600);

  std::vector<std::string> told;
  const auto ledger = open_to_issue(place.path().string(), &told);
  const auto lock = ledger->issuing_lock();
  CHECK(told.empty());  // it is where it says it is
  CHECK(ledger->epoch() == 2);
  CHECK(ledger->events().back().what == event_names::restored);
  CHECK_THAT(ledger->events().back().subject, Catch::Contains(forgotten.chain_head));
  // What was handed out since and is unfinished in the copy is burned: nobody answers for it, and it is not issued.
  CHECK(ledger->block_counts("b2") == std::vector<std::pair<BlockState, std::uint64_t>>{{BlockState::burned, 1}});
  CHECK(category_of([&] { ledger->issue("b2"); }) == Category::refused);
  CHECK(category_of([&] {
          ledger->acknowledge({.batch = "b2",
                               .outlet = "card",
                               .receipt_sha256 = "r",
                               .certificate_sha256 = "abc",
                               .merkle_root = "root",
                               .leaves_sha256 = "leaves"});
        }) == Category::refused);
  // Neither order is issued again under its id.
  for (const char* const order : {"o2", "o3", "o4", "e3.o4", "E2.o4", ""})
    CHECK(category_of([&] { ledger->begin(test::sample_batch("b9", order)); }) == Category::refused);
  // A report about the forgotten block, charge 2 of SIM A, does not meet the one that comes now.
  test::issue_one(*ledger, "b4", "e2.o4", 4, "A");
  CHECK(ledger->blocks_of_sim("A").at(1).charge == charges_an_epoch + 1);
  const UsedKeys late[] = {{"A", 2, 0, 0}};
  CHECK(category_of([&] { ledger->use("late", late); }) == Category::refused);
  test::issue_one(*ledger, "b5", "e2.o5", 5, "A");
  CHECK(ledger->blocks_of_sim("A").at(2).charge == charges_an_epoch + 2);
  CHECK(ledger->examine(Depth::blocks).faults.empty());
}

TEST_CASE("sqlite ledger: a copy of a copy that was put back is of a later epoch") {
  const Copied place;
  place.go_on();
  place.lose();
  REQUIRE(place.restore().epoch == 2);
  {
    const auto ledger = place.ledger();
    const auto lock = ledger->issuing_lock();
    test::issue_one(*ledger, "b4", "e2.o4", 4, "C");
    fs::remove(place.copy());
    fs::remove(place.copy().string() + ".head");
    (void)ledger->back_up(place.copy());
    test::issue_one(*ledger, "b5", "e2.o5", 5, "C");
  }
  fs::remove(place.path());
  const Restoration done = place.restore();
  CHECK(done.epoch == 3);
  const auto ledger = place.ledger();
  const auto lock = ledger->issuing_lock();
  CHECK(category_of([&] { ledger->begin(test::sample_batch("b6", "e2.o6")); }) == Category::refused);
  test::issue_one(*ledger, "b6", "e3.o6", 6, "C");
  CHECK(ledger->blocks_of_sim("C").at(1).charge == 2 * charges_an_epoch + 1);
  CHECK(ledger->examine(Depth::blocks).faults.empty());
}

TEST_CASE("sqlite ledger: no epoch begins twice, though the same copy is put back again") {
  const Copied place;
  place.go_on();
  place.lose();
  REQUIRE(place.restore().epoch == 2);
  {
    const auto ledger = place.ledger();
    const auto lock = ledger->issuing_lock();
    test::issue_one(*ledger, "b4", "e2.o4", 4, "A");
  }
  fs::remove(place.path());
  CHECK(place.restore().epoch == 3);
  {
    const auto ledger = place.ledger();
    const auto lock = ledger->issuing_lock();
    CHECK(ledger->epoch() == 3);
    // Its SIM would get keys a second time, under a charge that is in somebody's report already.
    CHECK(category_of([&] { ledger->begin(test::sample_batch("b5", "e2.o4")); }) == Category::refused);
    test::issue_one(*ledger, "b5", "e3.o4", 5, "A");
    CHECK(ledger->blocks_of_sim("A").back().charge == 2 * charges_an_epoch + 1);
    CHECK(ledger->examine(Depth::blocks).faults.empty());
  }
  fs::remove(place.path());
  CHECK(place.restore().epoch == 4);  // whatever went on after each change was remembered
}

TEST_CASE("sqlite ledger: before any copy was put back no order has an id of a later epoch") {
  const Copied place;
  const auto ledger = place.ledger();
  const auto lock = ledger->issuing_lock();
  for (const char* const order : {"e2.o4", "e3.", "e18446744073709551615.x"})
    CHECK(category_of([&] { ledger->begin(test::sample_batch("b9", order)); }) == Category::refused);
  for (const char* const order : {"e1.o4", "e2", "e2o4", "E2.o4", "east.2"})
    CHECK_NOTHROW(require_order_of(1, order));
}

TEST_CASE("sqlite ledger: what is no copy of the ledger that was there is not put back") {
  const Copied place;
  place.go_on();
  CHECK(category_of([&] { (void)place.restore(); }) == Category::refused);  // one is there
  place.lose();
  // A journal of the ledger that was there would be played into the copy.
  std::ofstream(place.path().string() + "-journal") << "x";
  CHECK(category_of([&] { (void)place.restore(); }) == Category::refused);
  fs::remove(place.path().string() + "-journal");
  // Another ledger's.
  const Place other;
  other.issue();
  CHECK(category_of([&] {
          (void)restore_ledger(other.path(), place.path().string(), {.mode = LedgerAccess::Mode::issue});
        }) == Category::refused);
  // One that was changed.
  const fs::path changed = place.path("changed.db");
  fs::copy_file(place.copy(), changed);
  {
    Database database(changed, Database::Mode::write);
    database.execute("UPDATE block SET iccid = 'Z' WHERE batch = (SELECT number FROM batch WHERE id = 'b1')");
  }
  CHECK(category_of([&] {
          (void)restore_ledger(changed, place.path().string(), {.mode = LedgerAccess::Mode::issue});
        }) == Category::refused);
  std::ofstream(place.path("text")) << "no ledger";
  CHECK(category_of([&] {
          (void)restore_ledger(place.path("text"), place.path().string(), {.mode = LedgerAccess::Mode::issue});
        }) == Category::refused);
  CHECK(category_of([&] {
          (void)restore_ledger(place.path("nowhere"), place.path().string(), {.mode = LedgerAccess::Mode::issue});
        }) == Category::io);
  CHECK(category_of([&] {
          (void)restore_ledger(place.copy(), "postgresql://localhost/x", {.mode = LedgerAccess::Mode::issue});
        }) == Category::refused);
  // Without what is remembered nobody knows how old it is: a new epoch, and only where that is said.
  const fs::path head = place.head();
  fs::rename(head, place.path("kept"));
  CHECK(category_of([&] { (void)place.restore(); }) == Category::refused);
  CHECK_FALSE(fs::exists(place.path()));
  const Restoration done = place.restore(true);
  CHECK(done.is_new_epoch);
  CHECK(done.epoch == 2);
  CHECK(fs::exists(head));
  const auto ledger = place.ledger();
  const auto lock = ledger->issuing_lock();
  CHECK(ledger->examine(Depth::blocks).faults.empty());
}

TEST_CASE("sqlite ledger: a call that was killed while it put a copy back is made again") {
  const Copied place;
  place.go_on();
  place.lose();
  // What it leaves at each of its steps: a half copy; a head of the new epoch and no ledger.
  std::ofstream(place.path().string() + ".restoring") << "half";
  std::ofstream(place.path().string() + ".restoring.part") << "half";
  const Restoration first = place.restore();
  fs::rename(place.path(), place.path().string() + ".restoring");
  const Restoration again = place.restore();
  // It looks as if the ledger of epoch 2 had been at work and was lost: a number is skipped.
  CHECK(again.epoch == 3);
  CHECK(again.position.sequence == first.position.sequence);
  CHECK(place.has_only({"ledger.db", "ledger.db.head", "copy.db", "copy.db.head", "damaged.db"}));
  const auto ledger = place.ledger();
  const auto lock = ledger->issuing_lock();
  CHECK(ledger->examine(Depth::blocks).faults.empty());
}

TEST_CASE("sqlite ledger: a copy of an older schema is put back, and is brought up to date") {
  const Place place;
  const fs::path golden = fs::path(test::data_folder()) / "ledger" / "schema5.db";
  const fs::path copy = place.path("copy.db");
  fs::copy_file(golden, copy);
  fs::permissions(copy, fs::perms(0600));
  const Restoration done =
      restore_ledger(copy, place.path().string(), {.mode = LedgerAccess::Mode::issue, .without_memory = true});
  CHECK(done.is_new_epoch);
  CHECK(done.epoch == 2);
  CHECK(done.burned == 2);  // one that was certified, one that was begun
  CHECK(read_text_file(copy, 1 << 20) == read_text_file(golden, 1 << 20));
  std::vector<std::string> names;
  for (const auto& entry : fs::directory_iterator(place.path().parent_path()))
    names.push_back(entry.path().filename().string());
  std::ranges::sort(names);
  CHECK(names == std::vector<std::string>{"copy.db", "ledger.db", "ledger.db.head"});
  const auto ledger = open_to_issue(place.path().string());
  const auto lock = ledger->issuing_lock();
  CHECK(ledger->position() == done.position);
  CHECK(ledger->examine(Depth::blocks).faults.empty());
  // Schema 1 had no history.
  fs::copy_file(fs::path(test::data_folder()) / "ledger" / "schema1.db", place.path("first.db"));
  CHECK(category_of([&] {
          (void)restore_ledger(place.path("first.db"), place.path("again.db").string(),
                               {.mode = LedgerAccess::Mode::issue, .without_memory = true});
        }) == Category::refused);
  CHECK_FALSE(fs::exists(place.path("again.db")));
}

// SPDX-License-Identifier: Apache-2.0
#include <sys/stat.h>

#include <catch2/catch.hpp>
#include <filesystem>
#include <string>

#include "core/error.h"
#include "provision/ledger/ledger.h"
#include "tests/category_of.h"
#include "tests/provision/ledger/place.h"

using namespace lightseed;
using test::category_of;
using test::open_to_issue;
using test::Place;
namespace fs = std::filesystem;

TEST_CASE("sqlite ledger: a copy is made while somebody issues, and is a ledger as it was then") {
  const Place place;
  place.issue("b1", "o1", 1, "A");
  const fs::path copy = place.path("copy.db");
  const auto issuing = open_to_issue(place.path().string());
  const auto lock = issuing->issuing_lock();
  const auto reader = open_ledger(place.path().string(), {});
  const LedgerPosition position = reader->back_up(copy);
  CHECK(position == issuing->position());
  test::issue_one(*issuing, "b2", "o2", 2, "B");
  const auto ledger = open_ledger(copy.string(), {});
  CHECK(ledger->position() == position);
  CHECK(ledger->batches().size() == 1);
  const LedgerFindings findings = ledger->examine(Depth::blocks);
  CHECK(findings.faults.empty());
  CHECK(findings.notices.empty());
  struct stat status {};
  REQUIRE(stat(copy.c_str(), &status) == 0);
  CHECK((status.st_mode & 0777) == 0600);
  // Nothing is overwritten, and nothing is left of what could not be made.
  CHECK(category_of([&] { (void)reader->back_up(copy); }) == Category::io);
  CHECK(category_of([&] { (void)reader->back_up(place.path("nowhere") / "copy.db"); }) == Category::io);
  CHECK_FALSE(fs::exists(copy.string() + ".part"));
}

TEST_CASE("sqlite ledger: an older copy that is put back is known by what is remembered") {
  const Place place;
  place.issue("b1", "o1", 1, "A");
  const fs::path copy = place.path("copy.db");
  (void)open_ledger(place.path().string(), {})->back_up(copy);
  place.issue("b2", "o2", 2, "B");
  fs::copy_file(copy, place.path(), fs::copy_options::overwrite_existing);
  place.refused("was rolled back");
}

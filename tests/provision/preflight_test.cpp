// SPDX-License-Identifier: Apache-2.0
#include "provision/preflight.h"

#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

#include <catch2/catch.hpp>
#include <fstream>

#include "tests/category_of.h"
#include "tests/provision/office.h"

using namespace lightseed;
using test::category_of;
using test::failure_of;
using test::Office;
namespace fs = std::filesystem;

// What a person, or the place, can get wrong is found before the source is opened (F8).

TEST_CASE("preflight: both sides in one hand, a side without a hand, or with two (S1)") {
  const Office office;
  IssueRequest request = office.request();
  request.outlets[1].recipient = request.outlets[0].recipient;
  CHECK(failure_of(request, Office::no_source()) == Category::refused);
  request = office.request();
  request.outlets.pop_back();
  CHECK(failure_of(request, Office::no_source(), "network side") == Category::usage);
  request = office.request();
  request.outlets[1].outlet = "card";
  CHECK(failure_of(request, Office::no_source(), "two recipients") == Category::usage);
  request.outlets[1].outlet = "moon";
  CHECK(failure_of(request, Office::no_source(), "known: card, network") == Category::usage);
  CHECK(!fs::exists(office.path("ledger.db")));
}

TEST_CASE("preflight: sizes out of range, a missing parent, a target that is taken or no name") {
  const Office office;
  for (const auto& [keys, bytes] :
       {std::pair<std::uint64_t, std::size_t>{10, 15}, {10, 65}, {0, 16}, {5'000'000, 16}}) {
    IssueRequest request = office.request();
    request.keys_per_sim = keys;
    request.key_bytes = bytes;
    CHECK(failure_of(request, Office::no_source()) == Category::usage);
  }
  IssueRequest request = office.request();
  request.directory = office.path("no") / "where";
  CHECK(failure_of(request, Office::no_source(), "make it first") == Category::io);
  request.directory = office.path("order.csv");
  CHECK(failure_of(request, Office::no_source(), "no directory") == Category::io);
  request.directory = "/";
  CHECK(failure_of(request, Office::no_source()) == Category::usage);
  fs::create_directory(office.path("full"));
  std::ofstream(office.path("full") / "x") << "x";
  CHECK(failure_of(office.request("o1", "full"), Office::no_source(), "not an empty directory") == Category::io);
  // An empty one, or one with litter alone, will do; nothing of the trial is left.
  fs::create_directory(office.path("out"));
  std::ofstream(office.path("out") / ".DS_Store") << "x";
  CHECK(failure_of(office.request(), Office::no_source(), "the source was opened") == Category::device);
  CHECK(office.is_tidy());
}

TEST_CASE("preflight: a place without rights, room or a name of its own") {
  if (geteuid() != 0) return;  // mounting needs root
  const Office office;
  const fs::path disk = office.path("disk");
  fs::create_directory(disk);
  if (mount("tmpfs", disk.c_str(), "tmpfs", 0, "size=64k") != 0) {
    WARN("no tmpfs can be mounted here");
    return;
  }
  IssueRequest request = office.request("o1", "disk");
  CHECK(failure_of(request, Office::no_source(), "mount point") == Category::io);
  request.directory = disk / "out";
  request.keys_per_sim = 10'000;
  CHECK(failure_of(request, Office::no_source(), "has room for") == Category::io);
  REQUIRE(mount("tmpfs", disk.c_str(), "tmpfs", MS_REMOUNT | MS_RDONLY, nullptr) == 0);
  CHECK(failure_of(request, Office::no_source(), "Read-only") == Category::io);
  umount(disk.c_str());
}

TEST_CASE("preflight: two runs cannot make a batch for one target, whatever their ledgers") {
  const Office office;
  {
    const TargetReservation reservation(office.path("out"));
    IssueRequest request = office.request();
    request.ledger = office.path("second.db");
    CHECK(failure_of(request, Office::no_source(), "another process") == Category::busy);
  }
  CHECK(office.is_tidy());
  // What a killed run leaves keeps nobody out.
  std::ofstream(office.path(".lightseed-reserved.out")) << "";
  CHECK(failure_of(office.request(), Office::no_source()) == Category::device);
  CHECK(office.is_tidy());
}

TEST_CASE("preflight: SIMs with keys are charged again only when asked to (S8)") {
  const Office office;
  const IssueResult first = issue(office.request(), Office::services());
  CHECK(first.ledger.first_charges == 3);
  CHECK(first.ledger.top_ups == 0);
  CHECK(first.ledger.position.sequence == 2);  // created, begun
  const IssueRequest again = office.request("o2", "again");
  CHECK(failure_of(again, Office::no_source(), "3 of the order's 3 SIMs") == Category::refused);
  CHECK(failure_of(again, Office::no_source(), "8988211000000000011") == Category::refused);
  CHECK(failure_of(again, Office::no_source(), first.batch.c_str()) == Category::refused);
  IssueRequest top_up = again;
  top_up.top_up = true;
  const IssueResult second = issue(top_up, Office::services());
  CHECK(second.ledger.top_ups == 3);
  CHECK(second.ledger.position.sequence == 6);  // allotted, certified, issued, begun
  CHECK(second.ledger.position.ledger_id == first.ledger.position.ledger_id);
}

TEST_CASE("a target that fills up while the batch is made burns it, instead of leaving it without a place (F10)") {
  const Office office;
  IssueServices services = Office::services();
  services.progress = [&](std::uint64_t, std::uint64_t) {
    fs::create_directory(office.path("out"));
    std::ofstream(office.path("out") / "mine") << "x";
  };
  CHECK(failure_of(office.request(), services, "now holds mine") == Category::io);
  CHECK(office.is_tidy());
  fs::remove_all(office.path("out"));
  CHECK(!issue(office.request(), Office::services()).already_issued);
}

TEST_CASE("an exception that is no Error burns what was begun all the same (F2)") {
  const Office office;
  IssueServices services = Office::services();
  services.progress = [](std::uint64_t, std::uint64_t) { throw std::runtime_error("out of the blue"); };
  CHECK(failure_of(office.request(), services, "out of the blue; 3 blocks burned") == Category::internal);
  CHECK(office.is_tidy());
}

TEST_CASE("a request in a call of the same order: the difference is named (s12)") {
  const Office office;
  (void)issue(office.request(), Office::services());
  IssueRequest other = office.request();
  other.expansion.construction = Construction::rbg2;
  other.log2_epsilon = -70;
  CHECK(failure_of(other, Office::no_source(), "the expansion behind the extractor, the distance from uniform") ==
        Category::refused);
  other = office.request();
  test::make_certificate(office.path("auc.crt").parent_path(), {.name = "third"});
  other.outlets[1].recipient = Recipient::read(office.file("third.crt"), std::time(nullptr));
  CHECK(failure_of(other, Office::no_source(),
                   "differs from that one in the network side's recipient; the call of then") == Category::refused);
}

TEST_CASE("memory that cannot be locked is told, and refused for production unless accepted") {
  std::vector<std::string> told;
  const auto notice = [&](const std::string& words) { told.push_back(words); };
  judge_memory(0, Provenance::hardware, false, notice);
  CHECK(told.empty());
  judge_memory(4096, Provenance::simulated, false, notice);
  judge_memory(4096, Provenance::hardware, true, notice);
  REQUIRE(told.size() == 2);
  CHECK_THAT(told[1], Catch::Contains("4096 bytes of secrets") && Catch::Contains("ulimit -l"));
  try {
    judge_memory(4096, Provenance::hardware, false, notice);
    FAIL("production keys in memory that can be swapped out");
  } catch (const Error& error) {
    CHECK(error.category() == Category::refused);
  }
}

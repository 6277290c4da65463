// SPDX-License-Identifier: Apache-2.0
#include "provision/recovery.h"

#include <catch2/catch.hpp>
#include <fstream>

#include "core/hex.h"
#include "crypto/digest.h"
#include "provision/certificate.h"
#include "provision/staging.h"
#include "tests/provision/ledger/samples.h"
#include "tests/provision/office.h"

using namespace lightseed;
namespace fs = std::filesystem;

namespace {

const std::string first_id = "019a0000-0000-7000-8000-000000000001";
const std::string second_id = "019a0000-0000-7000-8000-000000000002";
constexpr const char* certificate = "certified";

/// A ledger with batches as crashes leave them.
class Wreck {
 public:
  Wreck() : ledger_(open_ledger((scratch_ / "ledger.db").string(), {.mode = LedgerAccess::Mode::issue})) {}

  /// A batch for the target of this name, with its hidden directory.
  fs::path leave(const std::string& id, const std::string& name, bool issued, bool with_files = true) {
    BatchRecord batch = test::sample_batch(id, "order-" + name);
    batch.directory = (scratch_.path() / name).string();
    ledger_->begin(batch);
    const BlockEntry blocks[] = {test::sample_block(static_cast<unsigned char>(id.back()), "8988211000000000011")};
    ledger_->add_blocks(id, blocks);
    const fs::path staging = staging_path(batch.directory, id);
    if (with_files) {
      make_staging(staging, id, ledger_->position()->ledger_id);
      std::ofstream(staging / certificate_name(id)) << certificate;
    }
    if (issued) {
      test::certify(*ledger_, id, 1, hex(sha256(std::as_bytes(std::span(certificate, 9)))));
      ledger_->issue(id);
    }
    return staging;
  }

  void burn(const std::string& id) { ledger_->burn(id, "a test"); }

  std::vector<std::string> recover() {
    std::vector<std::string> told;
    finish_unfinished(*ledger_, [&](const std::string& words) { told.push_back(words); });
    return told;
  }

  [[nodiscard]] BlockState state_of(const std::string& id) const { return ledger_->block_counts(id).at(0).first; }
  [[nodiscard]] fs::path path(const char* name) const { return scratch_ / name; }

 private:
  test::Scratch scratch_;
  std::unique_ptr<Ledger> ledger_;
};

}  // namespace

TEST_CASE("recovery: what a crash left behind is burned, or finished once it was issued") {
  Wreck wreck;
  const fs::path cut_off = wreck.leave(first_id, "early", false);
  const fs::path late = wreck.leave(second_id, "late", true);
  CHECK(wreck.recover().size() == 2);
  CHECK(!fs::exists(cut_off));
  CHECK(!fs::exists(wreck.path("early")));
  CHECK(!fs::exists(late));
  CHECK(fs::exists(wreck.path("late") / certificate_name(second_id)));
  CHECK(std::distance(fs::directory_iterator(wreck.path("late")), fs::directory_iterator()) == 1);
  CHECK(wreck.state_of(first_id) == BlockState::burned);
  CHECK(wreck.state_of(second_id) == BlockState::issued);
  CHECK(wreck.recover().empty());
}

TEST_CASE("recovery: files of a batch whose burning was cut off, too, are removed by the next run") {
  Wreck wreck;
  const fs::path staging = wreck.leave(first_id, "early", false);
  wreck.burn(first_id);
  const auto told = wreck.recover();
  REQUIRE(told.size() == 1);
  CHECK_THAT(told[0], Catch::Contains(first_id) && Catch::Contains("its unfinished files removed"));
  CHECK(!fs::exists(staging));
  CHECK(wreck.recover().empty());
}

TEST_CASE("recovery: a batch that cannot be mended is told by name and holds up nobody (F10, finding 8)") {
  Wreck wreck;
  const fs::path stuck = wreck.leave(first_id, "stuck", true);
  wreck.leave(second_id, "other", false);
  fs::create_directory(wreck.path("stuck"));
  std::ofstream(wreck.path("stuck") / "mine") << "x";
  const auto told = wreck.recover();
  REQUIRE(told.size() == 2);
  CHECK_THAT(told[0], Catch::Contains(first_id) && Catch::Contains("order-stuck") && Catch::Contains(stuck.string()));
  CHECK_THAT(told[1], Catch::Contains("1 blocks burned"));
  // Once the place is free, the next run finishes it.
  fs::remove_all(wreck.path("stuck"));
  CHECK(wreck.recover().size() == 1);
  CHECK(fs::exists(wreck.path("stuck") / certificate_name(first_id)));
}

TEST_CASE("recovery: a directory that nothing but a row of the ledger calls ours is left alone (finding 7)") {
  Wreck wreck;
  const fs::path burned = wreck.leave(first_id, "a", false, false);
  const fs::path issued = wreck.leave(second_id, "b", true, false);
  for (const fs::path& victim : {burned, issued}) {
    fs::create_directory(victim);
    std::ofstream(victim / "thesis.tex") << "x";
  }
  const auto told = wreck.recover();
  REQUIRE(told.size() == 2);
  CHECK_THAT(told[0], Catch::Contains("by hand"));
  CHECK_THAT(told[1], Catch::Contains("left alone"));
  CHECK(fs::exists(burned / "thesis.tex"));
  CHECK(fs::exists(issued / "thesis.tex"));
  CHECK(!fs::exists(wreck.path("b")));
  CHECK(wreck.state_of(first_id) == BlockState::burned);
}

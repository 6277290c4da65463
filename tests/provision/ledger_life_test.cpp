// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch.hpp>
#include <string>
#include <utility>
#include <vector>

#include "core/error.h"
#include "evidence/issue_request_record.h"
#include "provision/ledger/ledger.h"
#include "provision/ledger/life.h"
#include "tests/category_of.h"
#include "tests/provision/ledger/backends.h"
#include "tests/provision/ledger/samples.h"
#include "tests/scratch.h"

// What every back end of the ledger must know of blocks after their batch was issued. Written against the interface.

using namespace lightseed;
using test::category_of;

namespace {

using Stages = std::vector<std::pair<BlockStage, std::uint64_t>>;

constexpr std::uint64_t keys_per_sim = 20;

/// A ledger with batch b1, of the SIMs A, B and C with twenty keys each, ISSUED.
class Issued {
 public:
  explicit Issued(const std::string& uri, const std::string& releaser = {})
      : ledger(open_ledger(uri, {.mode = LedgerAccess::Mode::issue})) {
    BatchRecord batch = test::sample_batch("b1", "o1");
    batch.request = request_text({.order_sha256 = "x",
                                  .sims = 3,
                                  .keys_per_sim = keys_per_sim,
                                  .key_bytes = 16,
                                  .recipients = {},
                                  .signer_sha256 = "x",
                                  .expansion = {},
                                  .releaser_sha256 = releaser});
    ledger->begin(batch);
    const BlockEntry blocks[] = {test::sample_block(1, "A"), test::sample_block(2, "B"), test::sample_block(3, "C")};
    ledger->add_blocks("b1", blocks);
    test::certify(*ledger, "b1", 3);
    ledger->issue("b1");
  }

  static SideAnswer answer(const std::string& side, std::vector<std::string> rejected = {}) {
    return {.batch = "b1",
            .outlet = side,
            .receipt_sha256 = "receipt of " + side,
            .certificate_sha256 = "abc",
            .merkle_root = "root",
            .leaves_sha256 = "leaves",
            .rejected = std::move(rejected)};
  }
  void activate() const {
    REQUIRE(ledger->acknowledge(answer("card")));
    REQUIRE(ledger->acknowledge(answer("network")));
  }
  [[nodiscard]] BlockStage stage(const std::string& iccid) const {
    return stage_of(ledger->blocks_of_sim(iccid).at(0).facts);
  }
  [[nodiscard]] bool is_sound() const { return ledger->examine(Depth::blocks).faults.empty(); }

  std::unique_ptr<Ledger> ledger;
};

template <typename Test>
void issued_on_every_back_end(Test test) {
  for (const test::LedgerBackEnd& back_end : test::ledger_back_ends()) {
    CAPTURE(back_end.name);
    const test::Scratch scratch;
    const Issued issued(back_end.fresh_uri(scratch.path()));
    test(issued);
    CHECK(issued.is_sound());
  }
}

}  // namespace

TEST_CASE("the stage of a block follows from what is known of it") {
  const BlockFacts issued{.batch = BatchState::issued, .sides_needed = 2, .keys = 20};
  const auto with = [&](auto change) {
    BlockFacts facts = issued;
    change(facts);
    return stage_of(facts);
  };
  CHECK(stage_of({.batch = BatchState::generated}) == BlockStage::generated);
  CHECK(stage_of({.batch = BatchState::certified}) == BlockStage::certified);
  CHECK(stage_of({.batch = BatchState::burned}) == BlockStage::burned);
  CHECK(stage_of(issued) == BlockStage::issued);
  CHECK(with([](BlockFacts& f) { f.held = true; }) == BlockStage::held);
  CHECK(with([](BlockFacts& f) { f.held = true, f.ending = BlockEnding::revoked; }) == BlockStage::revoked);
  CHECK(with([](BlockFacts& f) { f.sides = 1; }) == BlockStage::loaded);
  CHECK(with([](BlockFacts& f) { f.sides = 2; }) == BlockStage::active);
  // A tenth of twenty keys is two.
  CHECK(with([](BlockFacts& f) { f.sides = 2, f.used = 18; }) == BlockStage::active);
  CHECK(with([](BlockFacts& f) { f.sides = 2, f.used = 19; }) == BlockStage::low);
  CHECK(with([](BlockFacts& f) { f.sides = 2, f.used = 20; }) == BlockStage::exhausted);
  // Ends count more than progress, and the batch's end most.
  CHECK(with([](BlockFacts& f) { f.sides = 2, f.used = 20, f.ending = BlockEnding::revoked; }) == BlockStage::revoked);
  CHECK(with([](BlockFacts& f) { f.ending = BlockEnding::rejected; }) == BlockStage::rejected);
  CHECK(with([](BlockFacts& f) { f.ending = BlockEnding::revoked, f.destroyed = true; }) == BlockStage::destroyed);
}

TEST_CASE("ledger: a SIM is active when both sides answered for the same keys, once each") {
  issued_on_every_back_end([](const Issued& issued) {
    Ledger& ledger = *issued.ledger;
    CHECK(issued.stage("A") == BlockStage::issued);
    CHECK(ledger.acknowledge(Issued::answer("card", {"B"})));
    CHECK(issued.stage("A") == BlockStage::loaded);
    CHECK(issued.stage("B") == BlockStage::rejected);
    const auto position = ledger.position();
    CHECK_FALSE(ledger.acknowledge(Issued::answer("card", {"B"})));
    const auto refused = [&](SideAnswer answer) {
      return category_of([&] { ledger.acknowledge(answer); }) == Category::refused;
    };
    SideAnswer other = Issued::answer("card");
    other.receipt_sha256 = "another";
    CHECK(refused(other));
    SideAnswer keys = Issued::answer("network");
    keys.leaves_sha256 = "others";
    CHECK(refused(keys));
    SideAnswer certificate = Issued::answer("network");
    certificate.certificate_sha256 = "another";
    CHECK(refused(certificate));
    CHECK(refused(Issued::answer("network", {"Z"})));
    SideAnswer unknown = Issued::answer("network");
    unknown.batch = "b9";
    CHECK(refused(unknown));
    CHECK(category_of([&] { ledger.acknowledge(Issued::answer("garden")); }) == Category::usage);
    CHECK(ledger.position() == position);
    // The other side may reject the same SIM, and one more.
    CHECK(ledger.acknowledge(Issued::answer("network", {"B", "C"})));
    CHECK(ledger.stages("b1") == Stages{{BlockStage::active, 1}, {BlockStage::rejected, 2}});
    CHECK(ledger.answers("b1").at(1).outlet == "network");
  });
}

TEST_CASE("ledger: a batch under dual control is held until whom it names released it, once") {
  for (const test::LedgerBackEnd& back_end : test::ledger_back_ends()) {
    CAPTURE(back_end.name);
    const test::Scratch scratch;
    const Issued issued(back_end.fresh_uri(scratch.path()), "second");
    Ledger& ledger = *issued.ledger;
    const BatchRelease good{
        .batch = "b1", .certificate_sha256 = "abc", .record_sha256 = "record", .releaser_sha256 = "second"};
    const auto refused = [&](auto change) {
      BatchRelease release = good;
      change(release);
      return category_of([&] { ledger.release(release); }) == Category::refused;
    };
    CHECK(ledger.stages("b1") == Stages{{BlockStage::held, 3}});
    const std::string sims[] = {"A"};
    CHECK(ledger.stages_of_sims(sims).at(0) == std::vector{BlockStage::held});
    CHECK(category_of([&] { ledger.acknowledge(Issued::answer("card")); }) == Category::refused);
    const UsedKeys early[] = {{"A", 1, 0, 0}};
    CHECK_THAT(ledger.use("early", early).alarms.at(0), Catch::Contains("the block is HELD"));
    const auto position = ledger.position();
    CHECK(refused([](BatchRelease& release) { release.releaser_sha256 = "first"; }));
    CHECK(refused([](BatchRelease& release) { release.releaser_sha256 = ""; }));
    CHECK(refused([](BatchRelease& release) { release.certificate_sha256 = "another"; }));
    CHECK(refused([](BatchRelease& release) { release.batch = "b9"; }));
    CHECK(ledger.position() == position);
    CHECK(ledger.release(good));
    CHECK_FALSE(ledger.release(good));
    CHECK(refused([](BatchRelease& release) { release.record_sha256 = "another"; }));
    CHECK(issued.stage("A") == BlockStage::issued);
    issued.activate();
    CHECK(issued.stage("A") == BlockStage::active);
    ledger.begin(test::sample_batch("b2", "o2"));
    CHECK(refused([](BatchRelease& release) { release.batch = "b2"; }));
    CHECK(issued.is_sound());
  }
}

TEST_CASE("ledger: what was destroyed before its release is released no more") {
  issued_on_every_back_end([](const Issued& issued) {
    CHECK(category_of([&] {
            issued.ledger->release(
                {.batch = "b1", .certificate_sha256 = "abc", .record_sha256 = "record", .releaser_sha256 = ""});
          }) == Category::refused);
  });
  for (const test::LedgerBackEnd& back_end : test::ledger_back_ends()) {
    const test::Scratch scratch;
    const Issued issued(back_end.fresh_uri(scratch.path()), "second");
    CHECK(issued.ledger->destroy("b1", "end"));
    CHECK(issued.stage("A") == BlockStage::destroyed);
    CHECK(category_of([&] {
            issued.ledger->release(
                {.batch = "b1", .certificate_sha256 = "abc", .record_sha256 = "record", .releaser_sha256 = "second"});
          }) == Category::refused);
    CHECK(issued.is_sound());
  }
}

TEST_CASE("ledger: only an issued batch is answered for") {
  issued_on_every_back_end([](const Issued& issued) {
    issued.ledger->begin(test::sample_batch("b2", "o2"));
    SideAnswer answer = Issued::answer("card");
    answer.batch = "b2";
    CHECK(category_of([&] { issued.ledger->acknowledge(answer); }) == Category::refused);
    issued.ledger->burn("b2", "as a test");
    CHECK(category_of([&] { issued.ledger->acknowledge(answer); }) == Category::refused);
  });
}

TEST_CASE("ledger: a rejected SIM may get new keys, a revoked one is known") {
  issued_on_every_back_end([](const Issued& issued) {
    Ledger& ledger = *issued.ledger;
    REQUIRE(ledger.acknowledge(Issued::answer("card", {"B"})));
    CHECK(ledger.revoke("C", "phone lost") == 1);
    CHECK(ledger.revoke("C", "again") == 0);
    CHECK(ledger.revoke("Z", "unknown") == 0);
    CHECK(issued.stage("C") == BlockStage::revoked);
    const std::string sims[] = {"A", "B", "C"};
    CHECK(ledger.known_sims(sims).iccids == std::vector<std::string>{"A", "C"});
    test::issue_one(ledger, "b2", "o2", 9, "B");
    CHECK(ledger.known_sims(sims).count == 3);
    CHECK(ledger.blocks_of_sim("B").at(1).charge == 2);
    CHECK(stage_of(ledger.blocks_of_sim("B").at(1).facts) == BlockStage::issued);
    using Lives = std::vector<std::vector<BlockStage>>;
    CHECK(ledger.stages_of_sims(sims) ==
          Lives{{BlockStage::loaded}, {BlockStage::rejected, BlockStage::issued}, {BlockStage::revoked}});
    // Whoever is revoked is so in every batch.
    CHECK(ledger.revoke("B", "phone lost") == 1);
    CHECK(stage_of(ledger.blocks_of_sim("B").at(1).facts) == BlockStage::revoked);
  });
}

TEST_CASE("ledger: keys are used once, run low and end") {
  issued_on_every_back_end([](const Issued& issued) {
    Ledger& ledger = *issued.ledger;
    issued.activate();
    const UsedKeys first[] = {{"A", 1, 0, 9}, {"B", 1, 3, 3}, {"A", 1, 12, 17}};
    CHECK(ledger.use("r1", first).keys == 17);
    CHECK(issued.stage("A") == BlockStage::active);
    const auto position = ledger.position();
    CHECK(ledger.use("r1", first).entered_before);
    CHECK(ledger.position() == position);
    const UsedKeys more[] = {{"A", 1, 10, 11}, {"A", 1, 18, 18}};
    CHECK(ledger.use("r2", more).keys == 3);
    CHECK(issued.stage("A") == BlockStage::low);
    const UsedKeys last[] = {{"A", 1, 19, 19}};
    CHECK(ledger.use("r3", last).keys == 1);
    CHECK(issued.stage("A") == BlockStage::exhausted);
    CHECK(ledger.stages("b1") == Stages{{BlockStage::active, 2}, {BlockStage::exhausted, 1}});
    // What there is not.
    for (const UsedKeys& wrong : {UsedKeys{"A", 2, 0, 0}, UsedKeys{"Z", 1, 0, 0}, UsedKeys{"B", 1, 19, 20}})
      CHECK(category_of([&] { ledger.use("r4", std::span(&wrong, 1)); }) == Category::refused);
  });
}

TEST_CASE("ledger: a key used twice is an alarm, which alone is entered, once") {
  issued_on_every_back_end([](const Issued& issued) {
    Ledger& ledger = *issued.ledger;
    issued.activate();
    const UsedKeys first[] = {{"A", 1, 5, 9}};
    CHECK(ledger.use("r1", first).keys == 5);
    const std::vector<std::vector<UsedKeys>> reports{
        {{"B", 1, 0, 0}, {"A", 1, 9, 12}},                   // overlaps what was reported
        {{"B", 1, 0, 19}, {"B", 1, 7, 7}},                   // inside another range of the report
        {{"B", 1, 0, 9}, {"B", 1, 2, 3}, {"B", 1, 9, 10}}};  // behind a shorter one
    for (std::size_t i = 0; i < reports.size(); ++i) {
      const std::string name = "bad" + std::to_string(i);
      const UseOutcome outcome = ledger.use(name, reports[i]);
      CHECK(outcome.keys == 0);
      CHECK(outcome.alarms.size() == (i == 2 ? 2 : 1));
      CHECK(ledger.events().back().what == event_names::alarmed);
      const auto position = ledger.position();
      CHECK(ledger.use(name, reports[i]).alarms == outcome.alarms);
      CHECK(ledger.position() == position);
    }
    CHECK(ledger.blocks_of_sim("B").at(0).facts.used == 0);
    ledger.revoke("C", "phone lost");
    const UsedKeys lost[] = {{"C", 1, 0, 0}};
    CHECK_THAT(ledger.use("stolen", lost).alarms.at(0), Catch::Contains("the block is REVOKED"));
  });
}

TEST_CASE("ledger: keys of a SIM that is not active yet are not used") {
  issued_on_every_back_end([](const Issued& issued) {
    issued.ledger->acknowledge(Issued::answer("network"));
    const UsedKeys early[] = {{"A", 1, 0, 0}};
    CHECK_THAT(issued.ledger->use("early", early).alarms.at(0), Catch::Contains("the block is LOADED"));
  });
}

TEST_CASE("ledger: a destroyed batch is over") {
  issued_on_every_back_end([](const Issued& issued) {
    Ledger& ledger = *issued.ledger;
    issued.activate();
    CHECK(ledger.destroy("b1", "record"));
    CHECK_FALSE(ledger.destroy("b1", "record"));
    CHECK(category_of([&] { ledger.destroy("b1", "another"); }) == Category::refused);
    CHECK(ledger.stages("b1") == Stages{{BlockStage::destroyed, 3}});
    CHECK(ledger.revoke("A", "too late") == 0);
    const UsedKeys keys[] = {{"A", 1, 0, 0}};
    CHECK(ledger.use("late", keys).alarms.size() == 1);
  });
}

// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>
#include <catch2/catch.hpp>
#include <thread>
#include <utility>

#include "core/error.h"
#include "core/hex.h"
#include "provision/ledger/history.h"
#include "provision/ledger/ledger.h"
#include "tests/category_of.h"
#include "tests/provision/ledger/backends.h"
#include "tests/provision/ledger/samples.h"
#include "tests/scratch.h"

// What every back end of the ledger must do. Written against the interface alone.

using namespace lightseed;
using test::category_of;
using test::certify;
using test::sample_batch;
using test::sample_block;

namespace {

using Counts = std::vector<std::pair<BlockState, std::uint64_t>>;

std::unique_ptr<Ledger> open(const std::string& uri) {
  return open_ledger(uri, {.mode = LedgerAccess::Mode::issue});
}

template <typename Test>
void on_every_back_end(Test test) {
  for (const test::LedgerBackEnd& back_end : test::ledger_back_ends()) {
    CAPTURE(back_end.name);
    const test::Scratch scratch;
    test(back_end.fresh_uri(scratch.path()));
  }
}

}  // namespace

TEST_CASE("the table of moves: forward step by step, to BURNED until ISSUED, and nothing else") {
  constexpr BatchState all[] = {BatchState::generated, BatchState::certified, BatchState::issued, BatchState::burned};
  std::string allowed;
  for (const BatchState from : all) {
    CHECK(batch_state_from(name_of(from)) == from);
    CHECK(name_of(block_state_in(from)) == name_of(from));
    for (const BatchState to : all) {
      if (may_move(from, to)) allowed += std::string(name_of(from)) + ">" + std::string(name_of(to)) + " ";
    }
  }
  CHECK(allowed == "GENERATED>CERTIFIED GENERATED>BURNED CERTIFIED>ISSUED CERTIFIED>BURNED ");
  CHECK(!batch_state_from("LOST"));
}

TEST_CASE("ledger: a batch walks its states, and no state can be skipped or left twice") {
  on_every_back_end([](const std::string& uri) {
    const auto ledger = open(uri);
    ledger->begin(sample_batch("b1", "o1"));
    const BlockEntry blocks[] = {sample_block(1, "A"), sample_block(2, "B")};
    ledger->add_blocks("b1", blocks);
    CHECK(ledger->block_counts("b1") == Counts{{BlockState::generated, 2}});
    CHECK(category_of([&] { ledger->issue("b1"); }) == Category::refused);
    certify(*ledger, "b1", 2);
    CHECK(category_of([&] { certify(*ledger, "b1", 2); }) == Category::refused);
    CHECK(ledger->block_counts("b1") == Counts{{BlockState::certified, 2}});
    ledger->issue("b1");
    CHECK(category_of([&] { ledger->issue("b1"); }) == Category::refused);
    CHECK(category_of([&] { ledger->burn("b1", "as a test"); }) == Category::refused);
    CHECK(category_of([&] { ledger->burn("unknown", "as a test"); }) == Category::refused);
    CHECK(ledger->block_counts("b1") == Counts{{BlockState::issued, 2}});
    CHECK(ledger->live_batch_of_order("o1")->certificate_sha256 == "abc");
    CHECK(ledger->examine(Depth::blocks).faults.empty());
  });
}

TEST_CASE("ledger: an order has one live batch; burning it frees the order, not its charges") {
  on_every_back_end([](const std::string& uri) {
    const auto ledger = open(uri);
    ledger->begin(sample_batch("b1", "o1"));
    CHECK(category_of([&] { ledger->begin(sample_batch("b2", "o1")); }) == Category::refused);
    const BlockEntry first[] = {sample_block(1, "A")};
    CHECK(ledger->add_blocks("b1", first) == std::vector<std::uint64_t>{1});
    CHECK(ledger->burn("b1", "as a test") == 1);
    CHECK(category_of([&] { ledger->burn("b1", "as a test"); }) == Category::refused);
    CHECK(!ledger->live_batch_of_order("o1"));
    ledger->begin(sample_batch("b2", "o1"));
    // The same block id cannot enter twice, whatever the batch; nothing of the call is left.
    const BlockEntry mixed[] = {sample_block(9, "C"), sample_block(1, "A")};
    CHECK(category_of([&] { ledger->add_blocks("b2", mixed); }) == Category::refused);
    CHECK(ledger->block_counts("b2").empty());
    const BlockEntry second[] = {sample_block(2, "A"), sample_block(3, "B")};
    CHECK(ledger->add_blocks("b2", second) == std::vector<std::uint64_t>{2, 1});
    CHECK(ledger->examine(Depth::blocks).faults.empty());
  });
}

TEST_CASE("ledger: blocks enter a batch that is GENERATED and no other") {
  on_every_back_end([](const std::string& uri) {
    const auto ledger = open(uri);
    const BlockEntry blocks[] = {sample_block(1, "A")};
    CHECK(category_of([&] { ledger->add_blocks("b1", blocks); }) == Category::refused);
    ledger->begin(sample_batch("b1", "o1"));
    ledger->burn("b1", "as a test");
    CHECK(category_of([&] { ledger->add_blocks("b1", blocks); }) == Category::refused);
    CHECK(ledger->block_counts("b1").empty());
  });
}

TEST_CASE("ledger: a certificate that counts other blocks or names another position is refused") {
  on_every_back_end([](const std::string& uri) {
    const auto ledger = open(uri);
    ledger->begin(sample_batch("b1", "o1"));
    const BlockEntry blocks[] = {sample_block(1, "A")};
    ledger->add_blocks("b1", blocks);
    CHECK(category_of([&] { certify(*ledger, "b1", 2); }) == Category::refused);
    const LedgerPosition position = ledger->position().value();
    ledger->begin(sample_batch("b2", "o2"));
    CHECK(category_of([&] {
            ledger->certify("b1", {.purpose = "TEST", .certificate_sha256 = "x", .blocks = 1, .position = position});
          }) == Category::refused);
    CHECK(ledger->block_counts("b1") == Counts{{BlockState::generated, 1}});
    certify(*ledger, "b1", 1);
  });
}

TEST_CASE("ledger: SIMs with keys are known; burned ones do not count") {
  on_every_back_end([](const std::string& uri) {
    const auto ledger = open(uri);
    test::issue_one(*ledger, "b1", "o1", 1, "A");
    ledger->begin(sample_batch("b2", "o2"));
    const BlockEntry burned[] = {sample_block(2, "B")};
    ledger->add_blocks("b2", burned);
    ledger->burn("b2", "as a test");
    const std::string asked[] = {"A", "B", "C"};
    const KnownSims known = ledger->known_sims(asked);
    CHECK(known.count == 1);
    CHECK(known.iccids == std::vector<std::string>{"A"});
    CHECK(known.batches == std::vector<std::string>{"b1"});
  });
}

TEST_CASE("ledger: SIMs that are known are found among many others, whatever their order and how far apart") {
  on_every_back_end([](const std::string& uri) {
    const auto ledger = open(uri);
    constexpr unsigned sims = 1'030;  // more than a look or a statement of the tables takes, and no multiple of one
    const auto sim = [](unsigned number) { return fmt::format("SIM{:05}", number); };
    const auto id_of = [](unsigned char batch, unsigned number) {
      BlockEntry block = sample_block(batch, "");
      block.id[14] = static_cast<std::byte>(number >> 8);
      block.id[15] = static_cast<std::byte>(number & 0xffU);
      return block.id;
    };
    // The first and the last one, and some at and beside where pieces of 100 or 256 end.
    const std::vector<unsigned> known{0, 99, 100, 255, 256, 257, 511, 513, 700, 1'023, 1'024, sims - 1};
    std::vector<BlockEntry> before;
    for (const unsigned number : known)
      before.push_back({.id = id_of(1, number), .iccid = sim(number), .file = 1});
    ledger->begin(sample_batch("b1", "o1"));
    ledger->add_blocks("b1", before);
    certify(*ledger, "b1", before.size());
    ledger->issue("b1");

    ledger->begin(sample_batch("b2", "o2"));
    for (const unsigned step : {1U, 1'029U, 7U}) {  // ascending, descending, neither: each without a divisor in common
      CAPTURE(step);
      std::vector<std::string> asked;
      std::vector<BlockEntry> blocks;
      std::vector<std::uint64_t> expected;
      const std::uint64_t times = step == 1 ? 0 : step == 1'029 ? 1 : 2;  // that b2 has them all
      for (unsigned i = 0; i < sims; ++i) {
        const unsigned number = i * step % sims;
        asked.push_back(sim(number));
        blocks.push_back({.id = id_of(static_cast<unsigned char>(step % 251 + 2), i), .iccid = sim(number), .file = 1});
        expected.push_back(times + (std::ranges::find(known, number) == known.end() ? 1 : 2));
      }
      if (step == 1) {
        const KnownSims found = ledger->known_sims(asked);
        CHECK(found.count == known.size());
        CHECK(found.iccids == std::vector<std::string>{sim(0), sim(99), sim(100), sim(255), sim(256)});
      }
      CHECK(ledger->add_blocks("b2", blocks) == expected);
      // One of many that is known already: it is named, and none is entered.
      std::vector<BlockEntry> again(blocks);
      for (std::size_t i = 0; i < again.size(); ++i)
        if (i != 617) again[i].id[0] = std::byte{0xee};
      try {
        (void)ledger->add_blocks("b2", again);
        FAIL_CHECK("a block was entered twice");
      } catch (const Error& e) {
        CHECK(e.category() == Category::refused);
        CHECK_THAT(e.what(), Catch::Contains(fmt::format("block {} is in", hex(blocks[617].id))));
      }
      CHECK(ledger->block_counts("b2") == Counts{{BlockState::generated, sims * (times + 1)}});
    }
    certify(*ledger, "b2", std::uint64_t{3} * sims);
    ledger->issue("b2");
    CHECK(ledger->examine(Depth::blocks).faults.empty());
  });
}

TEST_CASE("ledger: a batch moves alone, wherever the ids of others lie between its own") {
  on_every_back_end([](const std::string& uri) {
    const auto ledger = open(uri);
    test::issue_one(*ledger, "b1", "o1", 5, "A");
    ledger->begin(sample_batch("b2", "o2"));
    const BlockEntry between[] = {sample_block(4, "B"), sample_block(6, "C")};
    ledger->add_blocks("b2", between);
    ledger->begin(sample_batch("b3", "o3"));
    std::vector<BlockEntry> around{sample_block(1, "D"), sample_block(9, "E")};
    around[1].file = 2;
    ledger->add_blocks("b3", around);
    certify(*ledger, "b3", 2);
    CHECK(ledger->block_counts("b1") == Counts{{BlockState::issued, 1}});
    CHECK(ledger->block_counts("b2") == Counts{{BlockState::generated, 2}});
    CHECK(ledger->block_counts("b3") == Counts{{BlockState::certified, 2}});
    const IssuedFile files[] = {{.outlet = "card", .name = "c1", .sha256 = "1", .number = 1},
                                {.outlet = "card", .name = "c2", .sha256 = "2", .number = 2}};
    ledger->issue("b3", files);
    CHECK(ledger->block_counts("b2") == Counts{{BlockState::generated, 2}});
    CHECK(ledger->block_counts("b3") == Counts{{BlockState::issued, 2}});
    const auto told = ledger->waiting_messages(100);
    REQUIRE(told.size() == 4);  // b1; b3 and its two files
    CHECK(told[1].sims == 2);
    CHECK(told[1].first_iccid == "D");
    CHECK(told[1].last_iccid == "E");
    CHECK(told[2].sims == 1);
    CHECK(told[3].first_iccid == "E");
    // And one that surrounds them all, to its other end; one without blocks has no range at all.
    ledger->begin(sample_batch("b4", "o4"));
    const BlockEntry outer[] = {sample_block(0, "F"), sample_block(255, "G")};
    ledger->add_blocks("b4", outer);
    CHECK(ledger->burn("b4", "as a test") == 2);
    CHECK(ledger->burn("b2", "as a test") == 2);
    ledger->begin(sample_batch("b5", "o5"));
    CHECK(ledger->burn("b5", "as a test") == 0);
    CHECK(ledger->block_counts("b1") == Counts{{BlockState::issued, 1}});
    CHECK(ledger->block_counts("b3") == Counts{{BlockState::issued, 2}});
    CHECK(ledger->examine(Depth::blocks).faults.empty());
  });
}

TEST_CASE("ledger: the blocks of a SIM, of all batches and states, by charge") {
  on_every_back_end([](const std::string& uri) {
    {
      const auto ledger = open(uri);
      test::issue_one(*ledger, "b1", "o1", 1, "A");
      test::issue_one(*ledger, "b2", "o2", 2, "B");
      ledger->begin(sample_batch("b3", "o3"));
      BlockEntry again[] = {sample_block(3, "A")};
      again[0].file = 7;
      ledger->add_blocks("b3", again);
      ledger->burn("b3", "a reason");
      ledger->begin(sample_batch("b4", "o4"));
      const BlockEntry third[] = {sample_block(0xab, "A")};
      ledger->add_blocks("b4", third);
    }
    const auto ledger = open_ledger(uri, {});
    const std::vector<SimBlock> found = ledger->blocks_of_sim("A");
    REQUIRE(found.size() == 3);
    std::string told;
    for (const SimBlock& block : found) {
      told += fmt::format("{} {} {} {} {}/{} ", block.charge, block.batch.id, block.batch.order_id, block.file,
                          name_of(block.state), name_of(block.batch.state));
    }
    CHECK(told == "1 b1 o1 1 ISSUED/ISSUED 2 b3 o3 7 BURNED/BURNED 3 b4 o4 1 GENERATED/GENERATED ");
    CHECK(found[0].block == "01010101010101010101010101010101");
    CHECK(found[2].block == "abababababababababababababababab");
    CHECK(found[0].batch.directory == "/somewhere");
    CHECK(found[0].batch.created == "2026-01-01T00:00:00Z");
    CHECK(ledger->blocks_of_sim("C").empty());
    CHECK(ledger->blocks_of_sim("a").empty());
    CHECK(ledger->blocks_of_sim("").empty());
    CHECK(ledger->blocks_of_sim("A' OR '1'='1").empty());
  });
}

TEST_CASE("ledger: why a batch was burned is in its history, cut where it is long") {
  on_every_back_end([](const std::string& uri) {
    const auto ledger = open(uri);
    ledger->begin(sample_batch("b1", "o1"));
    ledger->burn("b1", "health alarm: the source is dead");
    CHECK(ledger->events().back().subject == "health alarm: the source is dead");
    ledger->begin(sample_batch("b2", "o2"));
    ledger->burn("b2", std::string(100'000, 'x'));
    CHECK(ledger->events().back().subject.size() == 500);
    ledger->begin(sample_batch("b3", "o3"));
    ledger->burn("b3", std::string(499, 'x') + "ü and more");
    CHECK(ledger->events().back().subject == std::string(499, 'x'));
    CHECK(ledger->examine(Depth::blocks).faults.empty());
  });
}

TEST_CASE("ledger: whether somebody issues from it can be seen, and looking takes nothing from whoever does") {
  on_every_back_end([](const std::string& uri) {
    const auto first = open(uri);
    const auto reader = open_ledger(uri, {});
    CHECK(!first->is_issuing());
    CHECK(!reader->is_issuing());
    {
      const auto lock = first->issuing_lock();
      CHECK(first->is_issuing());
      CHECK(reader->is_issuing());
      CHECK(category_of([&] { (void)open(uri)->issuing_lock(); }) == Category::busy);
    }
    CHECK(!reader->is_issuing());
    CHECK(first->issuing_lock() != nullptr);
  });
}

TEST_CASE("ledger: at one moment nothing changes, and whoever changes it waits") {
  on_every_back_end([](const std::string& uri) {
    const auto ledger = open(uri);
    test::issue_one(*ledger, "b1", "o1", 1, "A");
    const auto reader = open_ledger(uri, {});
    std::thread other;
    reader->at_one_moment([&] {
      CHECK(reader->batches().size() == 1);
      other = std::thread([&] { ledger->begin(sample_batch("b2", "o2")); });
      for (int i = 0; i < 100; ++i)
        CHECK(reader->batches().size() == 1);
    });
    other.join();
    CHECK(reader->batches().size() == 2);
    CHECK(category_of([&] { reader->at_one_moment([] { throw Error(Category::io, "a test"); }); }) == Category::io);
    CHECK(reader->batches().size() == 2);
    ledger->burn("b2", "as a test");
  });
}

TEST_CASE("ledger: every move is an event, chained to the one before (10.7)") {
  on_every_back_end([](const std::string& uri) {
    LedgerPosition end;
    {
      const auto ledger = open(uri);
      test::issue_one(*ledger, "b1", "o1", 1, "A");
      ledger->begin(sample_batch("b2", "o2"));
      ledger->burn("b2", "as a test");
      end = ledger->position().value();
    }
    const auto ledger = open(uri);
    CHECK(ledger->position() == end);
    const std::vector<LedgerEvent> events = ledger->events();
    std::string told;
    std::string previous(no_event);
    for (const LedgerEvent& event : events) {
      told += event.what + " ";
      CHECK(event.previous_digest == previous);
      CHECK(event.digest == digest_of(end.ledger_id, event));
      previous = event.digest;
    }
    CHECK(told == "created begun allotted certified issued begun burned ");
    CHECK(end.sequence == events.size());
    CHECK(end.chain_head == events.back().digest);
    // A failed move leaves no event.
    CHECK(category_of([&] { ledger->issue("b2"); }) == Category::refused);
    CHECK(ledger->position() == end);
  });
}

TEST_CASE("ledger: two ledgers are two, even when the same was done to them") {
  on_every_back_end([](const std::string& uri) {
    const test::Scratch other;
    const auto first = open(uri);
    const auto second = open("sqlite:" + (other / "ledger.db").string());
    CHECK(first->position()->ledger_id != second->position()->ledger_id);
    CHECK(first->position()->chain_head != second->position()->chain_head);
  });
}

TEST_CASE("ledger: one process issues at a time, and the lock can be taken again") {
  on_every_back_end([](const std::string& uri) {
    const auto first = open(uri);
    const auto second = open(uri);
    {
      const auto lock = first->issuing_lock();
      CHECK(category_of([&] { (void)second->issuing_lock(); }) == Category::busy);
    }
    CHECK(second->issuing_lock() != nullptr);
  });
}

TEST_CASE("ledger: read-only access reads, changes nothing and makes nothing") {
  on_every_back_end([](const std::string& uri) {
    CHECK(category_of([&] { (void)open_ledger(uri, {}); }) == Category::io);
    {
      const auto ledger = open(uri);
      test::issue_one(*ledger, "b1", "o1", 1, "A");
    }
    const auto ledger = open_ledger(uri, {});
    CHECK(ledger->batches().size() == 1);
    CHECK(ledger->batches()[0].state == BatchState::issued);
    CHECK(ledger->position()->sequence == 5);
    CHECK(category_of([&] { ledger->begin(sample_batch("b2", "o2")); }) == Category::internal);
    CHECK(category_of([&] { (void)ledger->issuing_lock(); }) == Category::internal);
  });
}

TEST_CASE("an event's encoding keeps its fields apart") {
  LedgerEvent event{.sequence = 1,
                    .moment = "m",
                    .what = "ab",
                    .batch = "c",
                    .subject = "",
                    .blocks = 0,
                    .blocks_sha256 = "",
                    .previous_digest = std::string(no_event),
                    .digest = ""};
  LedgerEvent shifted = event;
  shifted.what = "a";
  shifted.batch = "bc";
  CHECK(digest_of("l", event) != digest_of("l", shifted));
  CHECK(digest_of("l", event) != digest_of("m", event));
  // Known answer: sha256 of the netstrings, by Python's hashlib.
  CHECK(digest_of("l", event) == "2883f747a403bc72c69f6106354fdc7f7a83e793689445cdc3746f6a4fbbc88d");
}

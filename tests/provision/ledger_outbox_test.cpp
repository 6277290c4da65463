// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch.hpp>
#include <string>
#include <vector>

#include "core/error.h"
#include "core/json.h"
#include "evidence/issue_request_record.h"
#include "provision/ledger/ledger.h"
#include "tests/category_of.h"
#include "tests/provision/ledger/backends.h"
#include "tests/provision/ledger/samples.h"
#include "tests/scratch.h"

// What every back end of the ledger must tell other programs, and when. Written against the interface.

using namespace lightseed;
using test::category_of;

namespace {

std::unique_ptr<Ledger> open_outbox(const std::string& uri) {
  return open_ledger(uri, {.mode = LedgerAccess::Mode::issue});
}

template <typename Test>
void outbox_on_every_back_end(Test test) {
  for (const test::LedgerBackEnd& back_end : test::ledger_back_ends()) {
    CAPTURE(back_end.name);
    const test::Scratch scratch;
    test(back_end.fresh_uri(scratch.path()));
  }
}

/// Batch b1 with SIM A in its first file and SIMs B and C in its second, ISSUED.
void issue_two_files(Ledger& ledger, const std::string& releaser = {}) {
  BatchRecord batch = test::sample_batch("b1", "o1");
  batch.request = request_text({.order_sha256 = "x",
                                .sims = 3,
                                .keys_per_sim = 20,
                                .key_bytes = 16,
                                .recipients = {},
                                .signer_sha256 = "x",
                                .expansion = {},
                                .releaser_sha256 = releaser});
  ledger.begin(batch);
  BlockEntry blocks[] = {test::sample_block(1, "A"), test::sample_block(2, "B"), test::sample_block(3, "C")};
  blocks[1].file = blocks[2].file = 2;
  ledger.add_blocks("b1", blocks);
  test::certify(ledger, "b1", 3);
  const IssuedFile files[] = {{"card", "b1.card.001.p7m", "d1", 1},
                              {"card", "b1.card.002.p7m", "d2", 2},
                              {"network", "b1.network.001.p7m", "d3", 1},
                              {"network", "b1.network.002.p7m", "d4", 2}};
  ledger.issue("b1", files);
}

SideAnswer outbox_answer(const std::string& side, std::vector<std::string> rejected = {}) {
  return {.batch = "b1",
          .outlet = side,
          .receipt_sha256 = "receipt of " + side,
          .certificate_sha256 = "abc",
          .merkle_root = "root",
          .leaves_sha256 = "leaves",
          .rejected = std::move(rejected)};
}

std::string words_of(const LedgerMessage& m) {
  std::string words = m.event + "/" + std::to_string(m.part);
  for (const std::string& more : {m.batch, m.order_id, m.outlet, m.file, m.sha256, m.first_iccid, m.last_iccid})
    words += " " + (more.empty() ? "-" : more);
  return words + " " + std::to_string(m.sims);
}

std::vector<std::string> all_told(Ledger& ledger) {
  std::vector<std::string> all;
  for (const LedgerMessage& message : ledger.waiting_messages(1000))
    all.push_back(words_of(message));
  return all;
}

}  // namespace

TEST_CASE("outbox: what happens to a batch is told in its order, and nothing else is") {
  outbox_on_every_back_end([](const std::string& uri) {
    const auto ledger = open_outbox(uri);
    CHECK(ledger->count_waiting() == 0);
    issue_two_files(*ledger);
    const std::string certificate = ledger->waiting_messages(1).at(0).file;
    CHECK(certificate.starts_with("b1"));
    ledger->acknowledge(outbox_answer("card", {"B"}));
    ledger->acknowledge(outbox_answer("network", {"B"}));
    CHECK(ledger->revoke("C", "lost") == 1);
    const UsedKeys used[] = {{.iccid = "A", .charge = 1, .first = 0, .last = 3}};
    CHECK(ledger->use("report 1", used).alarms.empty());
    CHECK(ledger->use("report 2", used).alarms.size() == 1);
    CHECK(ledger->destroy("b1", "record"));
    // A batch that was never handed out is nobody's business.
    ledger->begin(test::sample_batch("b2", "o2"));
    ledger->burn("b2", "as a test");
    CHECK(all_told(*ledger) == std::vector<std::string>{
                                   "issued/0 b1 o1 - " + certificate + " abc A C 3",
                                   "issued/1 b1 o1 card b1.card.001.p7m d1 A A 1",
                                   "issued/2 b1 o1 card b1.card.002.p7m d2 B C 2",
                                   "issued/3 b1 o1 network b1.network.001.p7m d3 A A 1",
                                   "issued/4 b1 o1 network b1.network.002.p7m d4 B C 2",
                                   "acknowledged/0 b1 o1 card - receipt of card - - 1",
                                   "acknowledged/0 b1 o1 network - receipt of network - - 0",
                                   "revoked/0 b1 o1 - - - C C 1",
                                   "alarmed/0 b1 o1 - - report 2 - - 0",
                                   "destroyed/0 b1 o1 - - record - - 0",
                               });
    CHECK(ledger->count_waiting() == 10);
    const auto messages = ledger->waiting_messages(1000);
    CHECK(messages[0].files == 4);
    CHECK_FALSE(messages[0].held);
    CHECK_FALSE(messages[5].active);
    CHECK(messages[6].active);
    const auto events = ledger->events();
    for (const LedgerMessage& message : messages) {
      const LedgerEvent& event = events.at(message.sequence - 1);
      CHECK(message.event == event.what);
      CHECK(message.moment == event.moment);
      CHECK(message.id == event.digest + "." + std::to_string(message.part));
      CHECK(message.ledger_id == ledger->position()->ledger_id);
    }
    CHECK(ledger->examine(Depth::blocks).faults.empty());
  });
}

TEST_CASE("outbox: a batch under dual control is told as held, and its release too") {
  outbox_on_every_back_end([](const std::string& uri) {
    const auto ledger = open_outbox(uri);
    issue_two_files(*ledger, "second person");
    CHECK(ledger->waiting_messages(1).at(0).held);
    CHECK(ledger->release(
        {.batch = "b1", .certificate_sha256 = "abc", .record_sha256 = "record", .releaser_sha256 = "second person"}));
    CHECK(all_told(*ledger).back() == "released/0 b1 o1 - - record - - 0");
    CHECK_FALSE(ledger->waiting_messages(100).back().held);
    CHECK(ledger->examine(Depth::blocks).faults.empty());
  });
}

TEST_CASE("outbox: what came to nothing, and what was entered before, is not told") {
  outbox_on_every_back_end([](const std::string& uri) {
    const auto ledger = open_outbox(uri);
    ledger->begin(test::sample_batch("b9", "o9"));
    const BlockEntry blocks[] = {test::sample_block(9, "Z")};
    ledger->add_blocks("b9", blocks);
    test::certify(*ledger, "b9", 1);
    const IssuedFile empty[] = {{"card", "b9.card.002.p7m", "d", 2}};
    CHECK(category_of([&] { ledger->issue("b9", empty); }) == Category::refused);
    CHECK(ledger->batches().at(0).state == BatchState::certified);
    CHECK(ledger->count_waiting() == 0);
    issue_two_files(*ledger);
    CHECK(ledger->acknowledge(outbox_answer("card")));
    const auto before = all_told(*ledger);
    CHECK_FALSE(ledger->acknowledge(outbox_answer("card")));
    CHECK(category_of([&] { ledger->acknowledge(outbox_answer("nobody")); }) == Category::usage);
    CHECK(category_of([&] { ledger->issue("b1"); }) == Category::refused);
    CHECK(ledger->revoke("unknown", "lost") == 0);
    CHECK(all_told(*ledger) == before);
  });
}

TEST_CASE("outbox: what was delivered is not told again, in whatever steps, and by whichever process") {
  outbox_on_every_back_end([](const std::string& uri) {
    std::vector<LedgerMessage> all;
    {
      const auto ledger = open_outbox(uri);
      issue_two_files(*ledger);
      ledger->acknowledge(outbox_answer("card"));
      all = ledger->waiting_messages(1000);
      REQUIRE(all.size() == 6);
      ledger->mark_delivered(all[2]);
      CHECK(ledger->count_waiting() == 3);
    }
    const auto ledger = open_outbox(uri);
    CHECK(ledger->waiting_messages(2).size() == 2);
    CHECK(ledger->waiting_messages(2).at(0).id == all[3].id);
    ledger->mark_delivered(all[2]);  // again: nothing changes
    CHECK(ledger->count_waiting() == 3);
    ledger->mark_delivered(all[5]);
    CHECK(ledger->waiting_messages(1000).empty());
    ledger->acknowledge(outbox_answer("network"));
    CHECK(all_told(*ledger).size() == 1);
    CHECK(ledger->examine(Depth::blocks).faults.empty());
    // Deliveries are no part of the history, and a reader changes nothing.
    const auto position = ledger->position();
    const auto reader = open_ledger(uri, {});
    CHECK(reader->count_waiting() == 1);
    CHECK(category_of([&] { reader->mark_delivered(all[5]); }) == Category::internal);
    CHECK(category_of([&] { (void)reader->outbox_lock(); }) == Category::internal);
    ledger->mark_delivered(ledger->waiting_messages(1).at(0));
    CHECK(ledger->position() == position);
  });
}

TEST_CASE("outbox: one process delivers at a time, and whoever issues is not in its way") {
  outbox_on_every_back_end([](const std::string& uri) {
    const auto first = open_outbox(uri);
    const auto second = open_outbox(uri);
    issue_two_files(*first);
    {
      const auto delivering = first->outbox_lock();
      CHECK(category_of([&] { (void)second->outbox_lock(); }) == Category::busy);
      const auto issuing = second->issuing_lock();
      test::issue_one(*second, "b2", "o2", 7, "D");
      first->mark_delivered(first->waiting_messages(1).at(0));
    }
    CHECK(second->outbox_lock() != nullptr);
    CHECK(first->outbox_lock() != nullptr);
  });
}

TEST_CASE("outbox: a new epoch is told, and what was told of before it stays") {
  outbox_on_every_back_end([](const std::string& uri) {
    const auto ledger = open_outbox(uri);
    issue_two_files(*ledger);
    (void)ledger->begin_epoch({.place = "somewhere else"});
    const auto messages = ledger->waiting_messages(1000);
    REQUIRE(messages.size() == 6);
    CHECK(messages.back().event == "restored");
    CHECK(messages.back().epoch == 2);
    CHECK(messages.back().batch.empty());
    CHECK(ledger->examine(Depth::blocks).faults.empty());
  });
}

TEST_CASE("a message is one line of JSON that names what it says, and nothing that was not entered") {
  const LedgerMessage issued{.id = "abc.0",
                             .ledger_id = "l",
                             .sequence = 5,
                             .event = "issued",
                             .moment = "2026-01-01T00:00:00Z",
                             .batch = "b",
                             .order_id = "o\n\"1\"",
                             .outlet = {},
                             .file = "b.cert",
                             .sha256 = "d",
                             .sims = 3,
                             .first_iccid = "1",
                             .last_iccid = "3",
                             .files = 2};
  CHECK(message_text(issued) ==
        R"({"schema":"lightseed/ledger-message/v1","id":"abc.0","ledger":"l","sequence":5,"part":0,"event":"issued",)"
        R"("time":"2026-01-01T00:00:00Z","batch":"b","order":"o\n\"1\"","file":"b.cert","sha256":"d","sims":3,)"
        R"("first_iccid":"1","last_iccid":"3","files":2,"held":false})");
  LedgerMessage answered = issued;
  answered.event = "acknowledged";
  answered.sims = 0;
  answered.order_id = "\xff";
  const Json json = Json::parse(message_text(answered));
  CHECK(json.at("rejected") == 0);
  CHECK(json.at("active") == false);
  CHECK_FALSE(json.contains("held"));
}

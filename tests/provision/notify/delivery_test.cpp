// SPDX-License-Identifier: Apache-2.0
#include "provision/notify/delivery.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <string>
#include <vector>

#include "core/error.h"
#include "provision/ledger/ledger.h"
#include "tests/category_of.h"
#include "tests/provision/ledger/place.h"

// A ledger's messages on their way to receivers that fail, die and come back.

using namespace lightseed;
using test::category_of;

namespace {

/// A receiver that lives longer than the runs that deliver to it.
struct Receiver {
  std::vector<std::string> ids;
  std::size_t room = 1'000'000;  ///< it is away once it has so many
  bool tells_last = false;
};

class TestNotifier final : public Notifier {
 public:
  TestNotifier(Receiver& receiver, bool knows) : receiver_(receiver), knows_(knows) {}
  bool deliver(const LedgerMessage& message) override {
    if (receiver_.ids.size() >= receiver_.room) throw Error(Category::busy, "away");
    if (knows_ && std::ranges::find(receiver_.ids, message.id) != receiver_.ids.end()) return false;
    receiver_.ids.push_back(message.id);
    return true;
  }
  std::optional<std::string> last_delivered() override {
    if (!receiver_.tells_last || receiver_.ids.empty()) return std::nullopt;
    return receiver_.ids.back();
  }
  [[nodiscard]] bool knows_repeats() const noexcept override { return knows_; }

 private:
  Receiver& receiver_;
  bool knows_;
};

/// A ledger with so many messages.
class Told : public test::Place {
 public:
  explicit Told(int batches) : ledger(test::open_to_issue(path().string())) {
    for (int i = 0; i < batches; ++i)
      test::issue_one(*ledger, "b" + std::to_string(i), "o" + std::to_string(i), static_cast<unsigned char>(i),
                      "S" + std::to_string(i));
    for (const LedgerMessage& message : ledger->waiting_messages(100'000))
      ids.push_back(message.id);
  }
  std::unique_ptr<Ledger> ledger;
  std::vector<std::string> ids;
};

}  // namespace

TEST_CASE("delivery: every message once and in order, whether a receiver knows repeats or not") {
  for (const bool knows : {false, true}) {
    CAPTURE(knows);
    const Told place(5);
    Receiver receiver;
    TestNotifier notifier(receiver, knows);
    Delivery sum;
    deliver_waiting(*place.ledger, notifier, {}, sum);
    CHECK(receiver.ids == place.ids);
    CHECK(sum.delivered == 5);
    CHECK(sum.repeated == 0);
    CHECK(place.ledger->count_waiting() == 0);
  }
}

TEST_CASE("delivery: a receiver that goes away keeps what it took, and gets the rest when it is back") {
  for (const bool knows : {false, true}) {
    CAPTURE(knows);
    const Told place(5);
    Receiver receiver{.ids = {}, .room = 3};
    Delivery sum;
    {
      TestNotifier notifier(receiver, knows);
      CHECK(category_of([&] { deliver_waiting(*place.ledger, notifier, {}, sum); }) == Category::busy);
    }
    CHECK(sum.delivered == 3);
    CHECK(place.ledger->count_waiting() == 2);
    receiver.room = 100;
    TestNotifier notifier(receiver, knows);
    deliver_waiting(*place.ledger, notifier, {}, sum);
    CHECK(receiver.ids == place.ids);
    CHECK(sum.delivered == 5);
  }
}

TEST_CASE("delivery: a run that dies between the receiver's word and its note is known by its repeats") {
  const Told place(5);
  Receiver receiver{.ids = {place.ids.begin(), place.ids.begin() + 3}};  // and the ledger knows nothing of it
  SECTION("the receiver says what it has: nothing is sent again") {
    receiver.tells_last = true;
    TestNotifier notifier(receiver, false);
    Delivery sum;
    deliver_waiting(*place.ledger, notifier, {}, sum);
    CHECK(receiver.ids == place.ids);
    CHECK(sum.delivered == 5);
    CHECK(sum.repeated == 3);
  }
  SECTION("it knows repeats: they are sent again, and it has each once") {
    TestNotifier notifier(receiver, true);
    Delivery sum;
    deliver_waiting(*place.ledger, notifier, {}, sum);
    CHECK(receiver.ids == place.ids);
    CHECK(sum.repeated == 3);
  }
  SECTION("it knows nothing: it has some twice, and none too few") {
    TestNotifier notifier(receiver, false);
    Delivery sum;
    deliver_waiting(*place.ledger, notifier, {}, sum);
    CHECK(receiver.ids.size() == 8);
    CHECK(std::equal(place.ids.begin(), place.ids.end(), receiver.ids.begin() + 3));
  }
  SECTION("the last that it has is of somebody else") {
    receiver.ids.emplace_back("another");
    receiver.tells_last = true;
    TestNotifier notifier(receiver, true);
    Delivery sum;
    deliver_waiting(*place.ledger, notifier, {}, sum);
    CHECK(receiver.ids.size() == 6);
    CHECK(place.ledger->count_waiting() == 0);
  }
}

TEST_CASE("delivery: who is asked to stop notes what was taken and leaves the rest") {
  const Told place(3);
  Receiver receiver;
  std::stop_source stop;
  stop.request_stop();
  TestNotifier notifier(receiver, true);
  Delivery sum;
  deliver_waiting(*place.ledger, notifier, stop.get_token(), sum);
  CHECK(receiver.ids.empty());
  CHECK(place.ledger->count_waiting() == 3);
}

TEST_CASE("delivery: more messages than are noted at once") {
  const Told place(0);
  // One batch of three hundred files.
  place.ledger->begin(test::sample_batch("b", "o"));
  std::vector<BlockEntry> blocks;
  std::vector<IssuedFile> files;
  for (unsigned i = 1; i <= 300; ++i) {
    BlockEntry block = test::sample_block(0, "S" + std::to_string(i));
    block.id[0] = std::byte(i & 0xff);
    block.id[1] = std::byte(i >> 8);
    block.file = i;
    blocks.push_back(block);
    files.push_back({"card", "f" + std::to_string(i), "d" + std::to_string(i), i});
  }
  place.ledger->add_blocks("b", blocks);
  test::certify(*place.ledger, "b", blocks.size());
  place.ledger->issue("b", files);
  Receiver receiver{.ids = {}, .room = 280};
  TestNotifier notifier(receiver, true);
  Delivery sum;
  CHECK(category_of([&] { deliver_waiting(*place.ledger, notifier, {}, sum); }) == Category::busy);
  CHECK(place.ledger->count_waiting() == 21);
  receiver.room = 1000;
  deliver_waiting(*place.ledger, notifier, {}, sum);
  CHECK(receiver.ids.size() == 301);
  CHECK(sum.delivered == 301);
  CHECK(place.ledger->examine(Depth::blocks).faults.empty());
}

TEST_CASE("a command is told by its standard input, and its exit code decides") {
  const test::Scratch scratch;
  const LedgerMessage message{.id = "x.0",
                              .ledger_id = "l",
                              .sequence = 1,
                              .event = "issued",
                              .moment = "m",
                              .batch = "b",
                              .order_id = "o",
                              .outlet = {},
                              .file = "f",
                              .sha256 = "d",
                              .first_iccid = {},
                              .last_iccid = {}};
  CHECK(open_notifier("command:/bin/true")->deliver(message));  // it reads nothing
  CHECK(category_of([&] { open_notifier("command:/bin/false")->deliver(message); }) == Category::busy);
  CHECK(category_of([&] { open_notifier("command:/nowhere/at all")->deliver(message); }) == Category::io);
  // No shell, no arguments.
  CHECK(category_of([&] { open_notifier("command:/bin/true x")->deliver(message); }) == Category::io);
  CHECK(category_of([&] { open_notifier("command:")->deliver(message); }) == Category::usage);
  for (const char* const uri : {"", "carrier-pigeon:x", "command", "nats", "/bin/true"})
    CHECK(category_of([&] { (void)open_notifier(uri); }) == Category::usage);
}

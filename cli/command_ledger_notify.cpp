// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <chrono>
#include <memory>

#include "cli/exit_code.h"
#include "cli/verbs.h"
#include "cli/words.h"
#include "core/wait.h"
#include "provision/ledger/ledger.h"
#include "provision/notify/delivery.h"

namespace lightseed::cli {
namespace {

/// Delivers what waits, once or for as long as nobody stops it.
class Notifying {
 public:
  Notifying(const Context& context, Ledger& ledger) : context_(context), ledger_(ledger) {}

  /// Goes through what waits once. Throws what keeps it from coming to its end.
  void turn() {
    const Delivery before = sum_;
    try {
      if (notifier_ == nullptr) notifier_ = open_notifier(context_.text("to"));
      deliver_waiting(ledger_, *notifier_, context_.stop, sum_);
    } catch (const Error& why) {
      notifier_.reset();
      throw Error(why.category(),
                  fmt::format("{}; {} delivered, {} wait", why.what(),
                              counted(sum_.delivered - before.delivered, "message"), ledger_.count_waiting()));
    }
    if (sum_.delivered > before.delivered) context_.note(words_of(sum_.delivered - before.delivered));
  }

  /// The same; a receiver that is away is told of once, and tried again.
  void patient_turn() {
    try {
      turn();
      away_ = false;
    } catch (const Error& why) {
      if (why.category() != Category::busy) throw;
      if (!away_) context_.warn(fmt::format("{}; it is tried again", why.what()));
      away_ = true;
    }
  }

  void report() {
    const std::uint64_t waiting = ledger_.count_waiting();
    if (context_.json()) {
      context_.print_json("ledger-notify", {{"to", context_.text("to")},
                                            {"delivered", sum_.delivered},
                                            {"repeated", sum_.repeated},
                                            {"waiting", waiting}});
    } else if (sum_.delivered == 0 && waiting == 0) {
      context_.note("no message waits");
    }
  }

 private:
  const Context& context_;
  Ledger& ledger_;
  std::unique_ptr<Notifier> notifier_{};
  Delivery sum_{};
  bool away_ = false;

  static std::string words_of(std::uint64_t delivered) { return counted(delivered, "message") + " delivered"; }
};

int run_ledger_notify(const Context& context) {
  const std::string& uri = context.text("ledger");
  const std::chrono::seconds between(context.options.count("every", {1, 86'400}));
  // For reading first: a name that was typed wrong must not become a new ledger.
  (void)open_ledger(uri, {});
  const auto ledger = open_ledger(
      uri, {.mode = LedgerAccess::Mode::issue, .notice = [&](const std::string& words) { context.warn(words); }});
  const auto lock = ledger->outbox_lock();
  Notifying notifying(context, *ledger);
  if (!context.has("follow")) {
    notifying.turn();
  } else {
    while (!context.stop.stop_requested()) {
      notifying.patient_turn();
      pause(Patience{.stop = context.stop}.within(between));
    }
  }
  notifying.report();
  return context.stop.stop_requested() ? exit_code(Category::interrupted) : 0;
}

}  // namespace

Command ledger_notify_command() {
  return {
      .name = "ledger notify",
      .group = "The ledger",
      .summary = "tell other programs what happened in a ledger",
      .description =
          "Delivers the messages that wait in the ledger, in the order in which things happened: a batch was issued "
          "(its "
          "certificate, then each key file), released, answered by a side or destroyed, a SIM was revoked, a key was "
          "used "
          "twice, the ledger was put back. A message is a line of JSON with file name, SHA-256 digest, range of SIMs, "
          "moment and number of the event, and an id; never a key. It waits until the receiver has it for good, "
          "whatever crashes; a receiver may get one twice, with the same id.\n"
          "--to command:PROGRAM runs PROGRAM once a message, with the message on its standard input; exit code 0 says "
          "that "
          "it has it. --to nats://HOST:PORT/SUBJECT (tls:// where the connection must be encrypted) stores them in a "
          "stream "
          "of NATS JetStream, which must be there and recognises repeats. Behind a `?` stand creds=FILE, ca=FILE, "
          "cert=FILE and key=FILE; a name and a password come from NATS_USER and NATS_PASSWORD in the environment.\n"
          "Exit code 75 where the receiver is away: what was not delivered waits for the next call. One process "
          "delivers "
          "at a time; others may issue meanwhile.",
      .examples =
          {"lightseed ledger notify --ledger ledger.db --to command:./tell-the-bureau",
           "lightseed ledger notify --ledger ledger.db \\\n    --to nats://broker:4222/lightseed.ledger --follow"},
      .options = {{.name = "ledger", .value = "DB", .text = "the ledger", .required = true},
                  {.name = "to", .value = "URI", .text = "who is told", .required = true},
                  {.name = "follow", .text = "go on with what comes later, until it is stopped"},
                  {.name = "every", .value = "SECONDS", .text = "how often to look, with --follow", .fallback = "2"}},
      .run = run_ledger_notify};
}

}  // namespace lightseed::cli

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
  explicit Notifying(const Context& context) : context_(context) { open(); }

  /// Goes through what waits once. Throws what keeps it from coming to its end.
  void turn() {
    const Delivery before = sum_;
    try {
      if (notifier_ == nullptr) reach();
      deliver_waiting(*ledger_, *notifier_, context_.stop, sum_);
    } catch (const Error& why) {
      notifier_.reset();
      if (context_.stop.stop_requested()) throw Error(Category::interrupted, "interrupted");
      if (ledger_->is_lost()) throw;
      throw Error(why.category(),
                  fmt::format("{}; {} delivered, {} wait", why.what(),
                              counted(sum_.delivered - before.delivered, "message"), ledger_->count_waiting()));
    }
    if (sum_.delivered > before.delivered) context_.note(words_of(sum_.delivered - before.delivered));
  }

  /// The same; a receiver that is away, and a ledger whose server went away, is told of once, and tried again.
  void patient_turn() {
    try {
      if (ledger_ == nullptr) open();
      turn();
      away_ = false;
    } catch (const Error& why) {
      if (why.category() == Category::interrupted) return;  // whoever called sees it, too, and reports
      const bool lost = ledger_ == nullptr || ledger_->is_lost();
      if (why.category() != Category::busy && !(lost && why.category() == Category::io)) throw;
      if (!away_) context_.warn(fmt::format("{}; it is tried again", why.what()));
      away_ = true;
      if (lost) close();
    }
  }

  void report() {
    const std::uint64_t waiting = ledger_ == nullptr ? 0 : ledger_->count_waiting();
    if (context_.json()) {
      context_.print_json("ledger-notify", {{"to", context_.text("to")},
                                            {"delivered", sum_.delivered},
                                            {"repeated", sum_.repeated},
                                            {"waiting", waiting}});
    } else if (sum_.delivered == 0 && waiting == 0 && !away_) {
      context_.note("no message waits");
    }
  }

 private:
  const Context& context_;
  std::unique_ptr<Ledger> ledger_{};
  std::unique_ptr<LedgerLock> lock_{};  ///< of its outbox
  std::unique_ptr<Notifier> notifier_{};
  Delivery sum_{};
  bool reached_ = false;
  bool away_ = false;

  /// A receiver that was reached before, and now has no place for messages, is coming up again.
  void reach() {
    try {
      notifier_ = open_notifier(context_.text("to"));
    } catch (const Error& why) {
      if (!reached_ || why.category() != Category::refused) throw;
      throw Error(Category::busy, why.what());
    }
    reached_ = true;
  }

  void open() {
    const std::string& uri = context_.text("ledger");
    // For reading first: a name that was typed wrong must not become a new ledger.
    (void)open_ledger(uri, {});
    ledger_ = open_ledger(
        uri, {.mode = LedgerAccess::Mode::issue, .notice = [this](const std::string& words) { context_.warn(words); }});
    lock_ = ledger_->outbox_lock();
  }

  void close() {
    lock_.reset();
    ledger_.reset();
  }

  static std::string words_of(std::uint64_t delivered) { return counted(delivered, "message") + " delivered"; }
};

int run_ledger_notify(const Context& context) {
  const std::chrono::seconds between(context.options.count("every", {1, 86'400}));
  Notifying notifying(context);
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
          "at a time; others may issue meanwhile. A message is delivered once, to whoever is named then: two receivers "
          "need a program that hands on to both.",
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

// SPDX-License-Identifier: Apache-2.0
#include "provision/notify/delivery.h"

#include <optional>
#include <vector>

namespace lightseed {
namespace {

// A note is a synced transaction, some hundred a second; a message to a receiver that knows repeats is far quicker.
constexpr std::size_t messages_a_note = 256;

/// What an earlier run delivered and could not note. Order is kept, so whatever lies before it was delivered, too.
void note_delivered_before(Ledger& ledger, Notifier& notifier, Delivery& sum) {
  const std::vector<LedgerMessage> waiting = ledger.waiting_messages(messages_a_note);
  if (waiting.empty()) return;
  const std::optional<std::string> last = notifier.last_delivered();
  if (!last) return;
  for (std::size_t i = 0; i < waiting.size(); ++i) {
    if (waiting[i].id != *last) continue;
    ledger.mark_delivered(waiting[i]);
    sum.delivered += i + 1;
    sum.repeated += i + 1;
    return;
  }
}

/// Messages that the receiver has and the ledger does not know of yet. They are noted also where the next one fails.
class Unnoted {
 public:
  Unnoted(Ledger& ledger, Delivery& sum) : ledger_(ledger), sum_(sum) {}

  void add(const LedgerMessage& message, bool is_new) {
    last_ = message;
    ++count_;
    if (!is_new) ++repeated_;
  }
  void note() {
    if (!last_) return;
    ledger_.mark_delivered(*last_);
    sum_.delivered += count_;
    sum_.repeated += repeated_;
    last_.reset();
    count_ = repeated_ = 0;
  }

 private:
  Ledger& ledger_;
  Delivery& sum_;
  std::optional<LedgerMessage> last_;
  std::uint64_t count_ = 0, repeated_ = 0;
};

}  // namespace

void deliver_waiting(Ledger& ledger, Notifier& notifier, const std::stop_token& stop, Delivery& sum) {
  note_delivered_before(ledger, notifier, sum);
  const std::size_t step = notifier.knows_repeats() ? messages_a_note : 1;
  while (!stop.stop_requested()) {
    const std::vector<LedgerMessage> waiting = ledger.waiting_messages(messages_a_note);
    if (waiting.empty()) return;
    Unnoted unnoted(ledger, sum);
    try {
      std::size_t since = 0;
      for (const LedgerMessage& message : waiting) {
        if (stop.stop_requested()) break;
        unnoted.add(message, notifier.deliver(message));
        if (++since % step == 0) unnoted.note();
      }
    } catch (...) {
      unnoted.note();
      throw;
    }
    unnoted.note();
  }
}

}  // namespace lightseed

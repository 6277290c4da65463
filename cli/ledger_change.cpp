// SPDX-License-Identifier: Apache-2.0
#include "cli/ledger_change.h"

#include "cli/waiting.h"

namespace lightseed::cli {

TakenLedger take_ledger(const Context& context) {
  const std::string& uri = context.text("ledger");
  // For reading first: a name that was typed wrong must not become a new ledger.
  (void)open_ledger(uri, {});
  Waiting waiting(context, longest_wait(context));
  for (;;) {
    try {
      TakenLedger taken;
      taken.ledger = open_ledger(
          uri, {.mode = LedgerAccess::Mode::issue, .notice = [&](const std::string& words) { context.warn(words); }});
      taken.lock = taken.ledger->issuing_lock();
      return taken;
    } catch (const Error& error) {
      if (error.category() != Category::busy || !waiting.once_more(error)) throw;
    }
  }
}

std::vector<Option> ledger_change_options() {
  return {{.name = "ledger", .value = "DB", .text = "the ledger that the batch was issued from", .required = true},
          wait_option("wait while another run has the ledger")};
}

}  // namespace lightseed::cli

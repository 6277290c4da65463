// SPDX-License-Identifier: Apache-2.0
#include "cli/ledger_change.h"

#include "cli/waiting.h"

namespace lightseed::cli {

TakenLedger take_ledger(const Context& context) {
  const std::string& uri = context.text("ledger");
  // For reading first: a name that was typed wrong must not become a new ledger.
  (void)open_ledger(uri, {});
  Waiting waiting(context, longest_wait(context));
  bool waited = false;
  return patiently(
      [&](const Error& busy) { return waiting.once_more(busy); }, waited,
      [&] {
        return lightseed::take_ledger(
            uri, {.mode = LedgerAccess::Mode::issue, .notice = [&](const std::string& words) { context.warn(words); }});
      });
}

std::vector<Option> ledger_change_options() {
  return {{.name = "ledger", .value = "DB", .text = "the ledger that the batch was issued from", .required = true},
          wait_option("wait while another run has the ledger")};
}

}  // namespace lightseed::cli

// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>
#include <fmt/ranges.h>

#include "cli/verbs.h"
#include "cli/words.h"
#include "provision/ledger/ledger.h"

namespace lightseed::cli {
namespace {

int run_ledger_restore(const Context& context) {
  const Restoration done = restore_ledger(context.has("copy") ? context.text("copy") : "", context.text("ledger"),
                                          {.mode = LedgerAccess::Mode::issue,
                                           .without_memory = context.has("accept-missing-head"),
                                           .notice = [&](const std::string& words) { context.warn(words); }});
  if (context.json()) {
    context.print_json("ledger-restore", {{"ledger", to_json(done.position)},
                                          {"epoch", done.epoch},
                                          {"new_epoch", done.is_new_epoch},
                                          {"copied", done.copied},
                                          {"burned_orders", done.orders},
                                          {"order_prefix", order_prefix_of(done.epoch)}});
  }
  if (!done.is_new_epoch) {
    context.note(fmt::format("{} is back, and nothing was lost: the copy is the newest", context.text("ledger")));
    return 0;
  }
  context.note(fmt::format("{} is back as it was on {}, in epoch {}: new orders have ids that begin with '{}'",
                           context.text("ledger"), done.copied, done.epoch, order_prefix_of(done.epoch)));
  if (done.burned > 0) {
    context.warn(fmt::format("{} unfinished then, and may have been issued since: burned. Destroy what there is of {}",
                             done.burned == 1 ? "a batch was" : fmt::format("{} batches were", done.burned),
                             fmt::join(done.orders, ", ")));
  }
  context.warn(fmt::format(
      "what was learned since {} is forgotten: enter releases, receipts, reports of used keys, revoked SIMs "
      "and destroyed batches of since then again",
      done.copied));
  return 0;
}

}  // namespace

Command ledger_restore_command() {
  return {
      .name = "ledger restore",
      .group = "The ledger",
      .summary = "put a copy of a ledger back",
      .description =
          "Puts FILE, which `ledger backup` made, to where the ledger was; move that away first, and leave DB.head. "
          "Where the copy is the newest that is all. An older one does not know what was handed out since: it goes on "
          "in a new epoch, which its history says for ever. What was unfinished in the copy is burned; orders need ids "
          "that begin with eN., so that none that was issued since is issued again by mistake; charge numbers begin a "
          "million higher, so that no report about a forgotten block meets a new one. Releases, receipts, reports of "
          "used "
          "keys, revoked SIMs and destroyed batches since the copy have to be entered again.\n"
          "A ledger in PostgreSQL is put back by its server's own means first, and no FILE is named: this verb then "
          "begins the "
          "new epoch in place. Run it on the host that issued last: one that remembers no more than the ledger holds "
          "is "
          "refused. The other hosts go on by themselves.",
      .examples = {"lightseed ledger restore ledger.backup --ledger ledger.db",
                   "lightseed ledger restore --ledger postgresql:///lightseed"},
      .options = {{.name = "copy", .value = "FILE", .text = "the copy; of a ledger in PostgreSQL none"},
                  {.name = "ledger", .value = "DB", .text = "where the ledger was", .required = true},
                  {.name = "accept-missing-head",
                   .text = "what remembers the ledger is gone: begin a new epoch, whatever the copy is"}},
      .positional = {"copy"},
      .run = run_ledger_restore};
}

}  // namespace lightseed::cli

// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include "cli/verbs.h"
#include "provision/ledger/ledger.h"

namespace lightseed::cli {
namespace {

int run_ledger_backup(const Context& context) {
  const auto ledger = open_ledger(context.text("ledger"), {});
  const LedgerPosition position = ledger->back_up(context.text("output"));
  if (context.json())
    context.print_json("ledger-backup", {{"file", context.text("output")}, {"ledger", to_json(position)}});
  context.note(fmt::format("{} and {}.head hold the ledger up to event {}; keep both, on another machine",
                           context.text("output"), context.text("output"), position.sequence));
  return 0;
}

}  // namespace

Command ledger_backup_command() {
  return {
      .name = "ledger backup",
      .group = "The ledger",
      .summary = "copy a ledger while it is in use",
      .description =
          "Writes the ledger as it is at one moment, and its head file, to FILE and FILE.head. Runs may go on issuing "
          "meanwhile: a plain copy could catch a change in its middle. `ledger restore` puts a copy back. Where one "
          "that is older than what DB.head remembers is put there by hand, nothing is issued from it: its orders since "
          "are unknown to it.",
      .examples = {"lightseed ledger backup --ledger ledger.db -o ledger.backup"},
      .options = {{.name = "ledger", .value = "DB", .text = "the ledger", .required = true},
                  {.name = "output", .letter = 'o', .value = "FILE", .text = "a new file", .required = true}},
      .run = run_ledger_backup};
}

}  // namespace lightseed::cli

// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include "cli/batch_options.h"
#include "cli/ledger_change.h"
#include "cli/verbs.h"
#include "cli/words.h"
#include "core/error.h"

namespace lightseed::cli {
namespace {

int run_batch_revoke(const Context& context) {
  const std::string iccid = iccid_of(context);
  if (context.text("reason").empty())
    throw Error(Category::usage, "--reason is empty; say why, for who reads it later");
  const TakenLedger taken = take_ledger(context);
  const std::uint64_t revoked = taken.ledger->revoke(iccid, context.text("reason"));
  if (revoked == 0) {
    throw Error(Category::refused, fmt::format("SIM {} has no issued keys in this ledger that are still in use; "
                                               "`batch find` tells what became of them",
                                               iccid));
  }
  if (context.json()) context.print_json("batch-revoke", {{"iccid", iccid}, {"blocks", revoked}});
  context.note(fmt::format("SIM {}: {} revoked", iccid, counted(revoked, "block")));
  return 0;
}

}  // namespace

Command batch_revoke_command() {
  Command command{
      .name = "batch revoke",
      .group = "Life of a batch",
      .summary = "take the keys of a lost SIM out of use",
      .description =
          "Enters that none of the keys a SIM was given may be used any more: every block of every batch. A report "
          "that "
          "uses one afterwards raises an alarm. The network has to be told too: the ledger holds no keys and sends "
          "nothing.",
      .examples = {"lightseed batch revoke --ledger ledger.db \\\n    --iccid 8988211000000000011 --reason \"phone "
                   "lost\""},
      .options = {iccid_option(),
                  {.name = "reason", .value = "WORDS", .text = "why; kept in the ledger's history", .required = true}},
      .run = run_batch_revoke};
  for (Option& option : ledger_change_options())
    command.options.push_back(std::move(option));
  return command;
}

}  // namespace lightseed::cli

// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include "cli/batch_options.h"
#include "cli/ledger_change.h"
#include "cli/verbs.h"
#include "cli/words.h"
#include "core/error.h"
#include "provision/receipt.h"

namespace lightseed::cli {
namespace {

int run_batch_ack(const Context& context) {
  const SealedReceipt receipt = read_receipt(context.text("receipt"), TrustAnchor::read(context.text("trust")));
  const ReceiptRecord& record = receipt.record;
  if (record.outlet != context.text("side")) {
    throw Error(Category::refused, fmt::format("{} answers for the {} side, and is expected to answer for the {} side",
                                               context.text("receipt"), record.outlet, context.text("side")));
  }
  const TakenLedger taken = take_ledger(context);
  const bool entered = taken.ledger->acknowledge(answer_of(receipt));
  const auto stages = taken.ledger->stages(record.batch);
  if (context.json()) {
    Json blocks = Json::object();
    for (const auto& [stage, count] : stages)
      blocks[std::string(name_of(stage))] = count;
    context.print_json("batch-ack", {{"batch", record.batch},
                                     {"side", record.outlet},
                                     {"entered_before", !entered},
                                     {"signer", receipt.signer},
                                     {"rejected", record.rejected.size()},
                                     {"blocks", std::move(blocks)}});
  }
  std::string words;
  for (const auto& [stage, count] : stages)
    words += fmt::format(", {} {}", counted(count, "SIM"), name_of(stage));
  context.note(fmt::format("{} side of batch {}{}", record.outlet, record.batch,
                           (entered ? "" : " (entered before, nothing changed)") + words));
  return 0;
}

}  // namespace

Command batch_ack_command() {
  Command command{
      .name = "batch ack",
      .group = "Life of a batch",
      .summary = "enter a side's receipt in the ledger",
      .description =
          "Reads a receipt that `batch receipt` made, checks that it is signed by --trust, or by whom that vouches "
          "for, "
          "and enters it. When both sides have answered for the same keys, the SIMs are ACTIVE; those that a side "
          "rejected are REJECTED, and another order may give them new keys. The same receipt again changes nothing. A "
          "side answers once.\n"
          "--side says whose signature --trust is: with it nobody can answer for the other side.",
      .examples = {"lightseed batch ack card.receipt.json --side card \\\n    --trust card-receipts.crt "
                   "--ledger ledger.db"},
      .options = {{.name = "receipt", .value = "FILE", .text = "the receipt", .required = true},
                  {.name = "side",
                   .value = "SIDE",
                   .text = "the side that --trust may answer for",
                   .required = true,
                   .choices = outlet_names()},
                  {.name = "trust",
                   .value = "CRT",
                   .text = "certificate of who signs for that side, or a chain to its authority",
                   .required = true}},
      .positional = {"receipt"},
      .run = run_batch_ack};
  for (Option& option : ledger_change_options())
    command.options.push_back(std::move(option));
  return command;
}

}  // namespace lightseed::cli

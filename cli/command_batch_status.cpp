// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <utility>

#include "cli/exit_code.h"
#include "cli/printable.h"
#include "cli/verbs.h"
#include "provision/ledger/ledger.h"

namespace lightseed::cli {
namespace {

int run(const Context& context) {
  const auto ledger = open_ledger(context.text("ledger"), {});
  const LedgerFindings findings = ledger->examine(context.has("check") ? Depth::blocks : Depth::history);
  const int code = findings.faults.empty() ? 0 : exit_code(Category::verdict);
  Json batches = Json::array();
  for (const BatchRecord& batch : ledger->batches()) {
    if (context.has("order-id") && batch.order_id != context.text("order-id")) continue;
    Json blocks = Json::object();
    for (const auto& [state, count] : ledger->block_counts(batch.id))
      blocks[std::string(name_of(state))] = count;
    batches.push_back({{"batch", batch.id},
                       {"order", batch.order_id},
                       {"state", name_of(batch.state)},
                       {"purpose", batch.purpose},
                       {"blocks", std::move(blocks)},
                       {"directory", batch.directory},
                       {"created", batch.created},
                       {"changed", batch.changed}});
  }
  if (context.json()) {
    Json body = Json::object();
    if (const auto position = ledger->position()) body["ledger"] = to_json(*position);
    body["batches"] = batches;
    body["faults"] = findings.faults;
    body["notices"] = findings.notices;
    context.print_json("batch-status", body);
    return code;
  }
  if (batches.empty()) context.out() << "no batch\n";
  for (const Json& batch : batches) {
    std::string blocks;
    for (const auto& [state, count] : batch["blocks"].items())
      blocks += fmt::format(" {} {}", count.get<std::uint64_t>(), state);
    context.out() << fmt::format("{}  {:<9} {:<10} order {}  blocks:{}  {}\n", batch["batch"].get<std::string>(),
                                 batch["state"].get<std::string>(), batch["purpose"].get<std::string>(),
                                 printable(batch["order"].get<std::string>()), blocks.empty() ? " none" : blocks,
                                 printable(batch["directory"].get<std::string>()));
  }
  for (const std::string& fault : findings.faults)
    context.out() << Coloured{Colour::bad, "FAULT"} << "  " << printable(fault, 2000) << "\n";
  for (const std::string& notice : findings.notices)
    context.warn(notice);
  return code;
}

}  // namespace

Command batch_status_command() {
  return {
      .name = "batch status",
      .group = "Batches of SIM keys",
      .summary = "what the ledger knows of its batches",
      .description =
          "Lists every batch with its order, state and blocks by state, and says where the ledger contradicts "
          "its own history or what DB.head remembers of it (exit code 1). Writes nothing: it works on a medium "
          "for reading and for whoever may read the ledger.",
      .examples = {"lightseed batch status --ledger ledger.db", "lightseed batch status --ledger ledger.db --check"},
      .options = {{.name = "ledger", .value = "DB", .text = "the ledger", .required = true},
                  {.name = "check", .text = "hold every block against the history: a million take some seconds"},
                  {.name = "order-id", .value = "ID", .text = "only this order"}},
      .run = run};
}

}  // namespace lightseed::cli

#include <fmt/format.h>

#include <iostream>

#include "cli/verbs.h"
#include "provision/ledger/ledger.h"

namespace lightseed::cli {
namespace {

int run(const Context& context) {
  Ledger ledger(context.get<std::string>("ledger"), true);
  Json batches = Json::array();
  for (const BatchRecord& batch : ledger.batches()) {
    if (context.has("order-id") && batch.order_id != context.get<std::string>("order-id")) continue;
    batches.push_back({{"batch", batch.id},
                       {"order", batch.order_id},
                       {"state", batch.state},
                       {"purpose", batch.purpose},
                       {"blocks", ledger.block_counts(batch.id)},
                       {"directory", batch.directory},
                       {"created", batch.created}});
  }
  if (context.json()) {
    print_json("batch-status", {{"batches", batches}});
    return 0;
  }
  if (batches.empty()) std::cout << "no batch\n";
  for (const Json& batch : batches) {
    std::string blocks;
    for (const auto& [state, count] : batch["blocks"].items())
      blocks += fmt::format(" {} {}", count.get<std::int64_t>(), state);
    std::cout << fmt::format("{}  {:<9} {:<10} order {}  blocks:{}  {}\n", batch["batch"].get<std::string>(),
                             batch["state"].get<std::string>(), batch["purpose"].get<std::string>(),
                             batch["order"].get<std::string>(), blocks.empty() ? " none" : blocks,
                             batch["directory"].get<std::string>());
  }
  return 0;
}

}  // namespace

Command batch_status_command() {
  namespace po = boost::program_options;
  Command command{.name = "batch status",
                  .summary = "what the ledger knows of its batches",
                  .description = "Lists every batch with its order, state and blocks by state. Reads only.",
                  .examples = {"lightseed batch status --ledger ledger.db"},
                  .options = po::options_description("Options"),
                  .run = run};
  command.options.add_options()("ledger", po::value<std::string>()->required()->value_name("DB"), "the ledger")(
      "order-id", po::value<std::string>()->value_name("ID"), "only this order");
  return command;
}

}  // namespace lightseed::cli

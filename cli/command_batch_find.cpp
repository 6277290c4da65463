// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "cli/batch_options.h"
#include "cli/exit_code.h"
#include "cli/printable.h"
#include "cli/verbs.h"
#include "core/error.h"
#include "provision/ledger/ledger.h"
#include "provision/order/iccid.h"

namespace lightseed::cli {
namespace {

/// What a ledger says of one SIM.
struct Found {
  std::string iccid;  ///< in the form that the ledger has it in
  std::vector<SimBlock> blocks;
  std::string fault;  ///< where tables and history differ; empty: they agree
};

/// A number is looked for as orders are read, and then as it was typed: a ledger of before may hold others. Throws
/// Error(usage) for what is no ICCID and is not in the ledger.
Found find(Ledger& ledger, const std::string& typed) {
  FixedText<20> iccid;
  const std::string fault = read_iccid(typed, iccid);
  Found found{.iccid = fault.empty() ? std::string(iccid) : typed, .blocks = {}, .fault = {}};
  // At one moment: whoever issues meanwhile must not look like somebody who changed rows by hand.
  ledger.at_one_moment([&] {
    found.blocks = ledger.blocks_of_sim(found.iccid);
    if (found.blocks.empty() && !fault.empty()) throw Error(Category::usage, fault);
    try {
      (void)ledger.known_sims(std::span(&found.iccid, 1));
    } catch (const Error& error) {
      if (error.category() != Category::refused) throw;
      found.fault = error.what();
    }
  });
  return found;
}

/// Keys that were handed out, or will be, and that nothing took out of use.
bool has_keys(const Found& found) {
  return std::ranges::any_of(found.blocks, [](const SimBlock& block) {
    const BlockStage stage = stage_of(block.facts);
    return stage != BlockStage::burned && stage != BlockStage::rejected && stage != BlockStage::revoked &&
           stage != BlockStage::destroyed;
  });
}

Json to_json(const EnteredAnswer& answer) {
  return {{"side", answer.outlet}, {"receipt_sha256", answer.receipt_sha256}, {"entered", answer.moment}};
}

Json to_json(const Found& found) {
  Json blocks = Json::array();
  for (const SimBlock& block : found.blocks) {
    Json answers = Json::array();
    for (const EnteredAnswer& answer : block.answers)
      answers.push_back(to_json(answer));
    blocks.push_back({{"batch", block.batch.id},
                      {"order", block.batch.order_id},
                      {"state", name_of(stage_of(block.facts))},
                      {"answers", std::move(answers)},
                      {"keys_used", block.facts.used},
                      {"charge", block.charge},
                      {"block", block.block},
                      {"file", block.file},
                      {"directory", block.batch.directory},
                      {"created", block.batch.created}});
  }
  Json faults = Json::array();
  if (!found.fault.empty()) faults.push_back(found.fault);
  return {{"iccid", found.iccid}, {"blocks", std::move(blocks)}, {"faults", std::move(faults)}};
}

void print_words(std::ostream& out, const Found& found) {
  const auto line = [&](std::string_view name, const std::string& value) {
    out << fmt::format("{:<10} ", name) << printable(value, 2000) << "\n";
  };
  for (const SimBlock& block : found.blocks) {
    line("batch", block.batch.id);
    line("order", block.batch.order_id);
    line("state", std::string(name_of(stage_of(block.facts))));
    for (const EnteredAnswer& answer : block.answers)
      line("answer", fmt::format("of the {} side, {}", answer.outlet, answer.moment));
    if (block.facts.used > 0) line("used", fmt::format("{} of {} keys", block.facts.used, block.facts.keys));
    line("charge", fmt::format("{} of this SIM", block.charge));
    line("block", block.block);
    line("file", fmt::format("number {}", block.file));
    line("directory", block.batch.directory);
    line("created", block.batch.created);
    out << "\n";
  }
  if (found.blocks.empty()) {
    out << fmt::format("No batch of this ledger holds keys for SIM {}.\n", printable(found.iccid));
  } else if (!has_keys(found)) {
    out << fmt::format("SIM {} has no keys that may be used: see the states above.\n", printable(found.iccid));
  }
  if (!found.fault.empty()) out << Coloured{Colour::bad, "FAULT"} << "      " << printable(found.fault, 2000) << "\n";
}

int run_batch_find(const Context& context) {
  const Found found = find(*open_ledger(context.text("ledger"), {}), context.text("iccid"));
  if (context.json()) {
    context.print_json("batch-find", to_json(found));
  } else {
    print_words(context.out(), found);
  }
  return has_keys(found) && found.fault.empty() ? 0 : exit_code(Category::verdict);
}

}  // namespace

Command batch_find_command() {
  return {
      .name = "batch find",
      .group = "Batches of SIM keys",
      .summary = "which batches hold keys for a SIM",
      .description =
          "Looks a SIM up in the ledger: every batch that gave it keys, with the order, what became of the keys, the "
          "number of the charge, the block's id and the number of the key file it is in. Burned ones are listed "
          "too: their keys were never handed out. Writes nothing: it works on a medium for reading and for whoever may "
          "read the "
          "ledger. Exit code 1 when the SIM has no keys that may be used, and when the ledger's tables and its history "
          "differ "
          "about this SIM.",
      .examples = {"lightseed batch find --ledger ledger.db --iccid 8988211000000000011"},
      .options = {{.name = "ledger", .value = "DB", .text = "the ledger", .required = true}, iccid_option()},
      .run = run_batch_find};
}

}  // namespace lightseed::cli

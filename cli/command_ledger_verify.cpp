// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <optional>

#include "cli/epoch_words.h"
#include "cli/exit_code.h"
#include "cli/printable.h"
#include "cli/verbs.h"
#include "cli/words.h"
#include "provision/ledger/ledger.h"

namespace lightseed::cli {
namespace {

int run_ledger_verify(const Context& context) {
  const auto ledger = open_ledger(context.text("ledger"), {});
  LedgerFindings findings;
  std::optional<LedgerPosition> position;
  std::size_t batches = 0;
  std::uint64_t epoch = 1;
  ledger->at_one_moment([&] {
    findings = ledger->examine(Depth::blocks);
    position = ledger->position();
    batches = ledger->batches().size();
    epoch = ledger->epoch();
  });
  const bool good = findings.faults.empty();
  if (context.json()) {
    Json body{{"holds", good},
              {"batches", batches},
              {"epoch", epoch},
              {"faults", findings.faults},
              {"notices", findings.notices}};
    if (position) body["ledger"] = to_json(*position);
    context.print_json("ledger-verify", body);
  } else {
    for (const std::string& fault : findings.faults)
      context.out() << Coloured{Colour::bad, "FAULT"} << "  " << printable(fault, 2000) << "\n";
    if (good) {
      context.out() << Coloured{Colour::good, "HOLDS"}
                    << fmt::format(": {} and {} say the same{}\n",
                                   position ? counted(position->sequence, "event") : "a ledger without history",
                                   batches == 1 ? "1 batch" : fmt::format("{} batches", batches),
                                   position ? ", up to " + position->chain_head : "");
    }
  }
  for (const std::string& notice : findings.notices)
    context.warn(notice);
  if (const std::string words = words_of_epoch(epoch); !words.empty()) context.note(words);
  return good ? 0 : exit_code(Category::verdict);
}

}  // namespace

Command ledger_verify_command() {
  return {.name = "ledger verify",
          .group = "The ledger",
          .summary = "hold a ledger against its history",
          .description =
              "Walks the chained history from its first event, and compares what it leads to with every batch, block, "
              "answer, used key and ending in the tables, and with what DB.head remembers. Exit code 1 where they "
              "differ. Writes nothing. A million blocks take some seconds.",
          .examples = {"lightseed ledger verify --ledger ledger.db"},
          .options = {{.name = "ledger", .value = "DB", .text = "the ledger", .required = true}},
          .run = run_ledger_verify};
}

}  // namespace lightseed::cli

// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include "cli/exit_code.h"
#include "cli/ledger_change.h"
#include "cli/printable.h"
#include "cli/verbs.h"
#include "cli/words.h"
#include "provision/use_report.h"

namespace lightseed::cli {
namespace {

int run_batch_used(const Context& context) {
  const UseReport report = read_use_report(context.text("report"));
  const TakenLedger taken = take_ledger(context);
  const UseOutcome outcome = taken.ledger->use(report.sha256, report.ranges);
  const bool alarmed = !outcome.alarms.empty();
  if (context.json()) {
    context.print_json("batch-used", {{"report_sha256", report.sha256},
                                      {"ranges", report.ranges.size()},
                                      {"keys", outcome.keys},
                                      {"entered_before", outcome.entered_before},
                                      {"alarms", outcome.alarms}});
  } else {
    for (const std::string& alarm : outcome.alarms)
      context.out() << Coloured{Colour::bad, "ALARM"} << "  " << printable(alarm, 2000) << "\n";
  }
  if (alarmed) {
    context.warn(
        "a one-time key was used twice, or one that nobody may use: nothing of the report was entered, and the "
        "alarm is in the ledger's history");
    return exit_code(Category::verdict);
  }
  context.note(outcome.entered_before ? "this report was entered before; nothing changed"
                                      : fmt::format("{} used", counted(outcome.keys, "key")));
  return 0;
}

}  // namespace

Command batch_used_command() {
  Command command{
      .name = "batch used",
      .group = "Life of a batch",
      .summary = "enter which keys were used",
      .description =
          "Reads what the network reports as used: a CSV table with the header iccid,charge,first,last, a line a range "
          "of keys of one charge of a SIM, counted from 0. A key that was reported before, stands twice in the report, "
          "or is of a block that is not ACTIVE is an alarm (exit code 1): then the alarm alone is entered. SIMs whose "
          "keys run low are LOW, and EXHAUSTED without any; `batch topup` makes the next order for them. The same "
          "report again changes nothing.",
      .examples = {"lightseed batch used used.csv --ledger ledger.db"},
      .options = {{.name = "report", .value = "CSV", .text = "what was used", .required = true}},
      .positional = {"report"},
      .run = run_batch_used};
  for (Option& option : ledger_change_options())
    command.options.push_back(std::move(option));
  return command;
}

}  // namespace lightseed::cli

// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <string_view>

#include "cli/batch_options.h"
#include "cli/payload.h"
#include "cli/verbs.h"
#include "cli/words.h"
#include "core/byte_views.h"
#include "core/error.h"
#include "provision/top_up.h"

namespace lightseed::cli {
namespace {

int run_batch_topup(const Context& context) {
  const Order order = read_order(context.text("order"));
  const auto ledger = open_ledger(context.text("ledger"), {});
  const std::string target = context.text("output");
  const TopUp top_up = top_up_of(order, *ledger);
  if (top_up.sims() > 0) {
    Payload out(context, target, AtomicFile::Mode::secret);
    write_csv(top_up, [&](std::string_view csv) { out.write(bytes_of(csv)); });
    out.commit();
  }
  if (context.json()) {
    context.print_json("batch-topup", {{"file", top_up.sims() > 0 ? Json(target) : Json()},
                                       {"sims", top_up.sims()},
                                       {"low", top_up.low},
                                       {"rejected", top_up.rejected},
                                       {"enough", top_up.enough},
                                       {"revoked", top_up.revoked},
                                       {"never_given", top_up.never_given}});
  }
  context.note(fmt::format(
      "{} in the new order: {} low or without keys, {} rejected; left out: {} with enough, {} "
      "revoked, {} that this ledger never gave keys{}",
      counted(top_up.sims(), "SIM"), top_up.low, top_up.rejected, top_up.enough, top_up.revoked, top_up.never_given,
      top_up.sims() > 0 ? fmt::format("; issue it with `batch issue --top-up --order {}`", target)
                        : "; no file was written"));
  return 0;
}

}  // namespace

Command batch_topup_command() {
  return {
      .name = "batch topup",
      .group = "Life of a batch",
      .summary = "the next order, for SIMs that need keys",
      .description =
          "Reads an order that was issued before and writes a new one with those of its SIMs that need keys: they "
          "run low or have none left, or a side could not load them. SIMs with enough keys, with keys on their way, "
          "and revoked ones are left out. Changes nothing. The new order is issued under an id of its own with "
          "`batch issue --top-up`; a second call before that writes the same.",
      .examples = {"lightseed batch topup order.csv --ledger ledger.db -o next.csv"},
      .options = {{.name = "order", .value = "CSV", .text = "the earlier order", .required = true},
                  {.name = "ledger", .value = "DB", .text = "the ledger it was issued from", .required = true},
                  {.name = "output", .letter = 'o', .value = "FILE", .text = "a new file, or -", .required = true}},
      .positional = {"order"},
      .run = run_batch_topup};
}

}  // namespace lightseed::cli

// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>
#include <ctime>

#include "cli/batch_options.h"
#include "cli/passphrase.h"
#include "cli/payload.h"
#include "cli/verbs.h"
#include "cli/words.h"
#include "core/byte_views.h"
#include "provision/receipt.h"

namespace lightseed::cli {
namespace {

int run_batch_receipt(const Context& context) {
  const std::time_t now = std::time(nullptr);
  const auto trusted = TrustAnchor::read(context.text("trust"));
  const RecipientKey key = RecipientKey::read(context.text("recipient-key"), ask_passphrase(context));
  const Signer signer(context.text("signer"), context.text("signer-key"), now, ask_passphrase(context));
  ReceiptRequest request{.outlet = context.text("side"), .now = now, .stop = context.stop};
  if (context.has("rejected")) request.rejected = read_rejected_sims(context.text("rejected"));
  const std::string target = context.text("output");
  Payload out(context, target, AtomicFile::Mode::open);
  const ReceiptRecord record = make_receipt(context.text("directory"), trusted, key, request);
  out.write(bytes_of(seal_receipt(record, signer)));
  out.commit();
  if (context.json()) {
    context.print_json("batch-receipt", {{"batch", record.batch},
                                         {"side", record.outlet},
                                         {"file", target},
                                         {"sims", record.sims},
                                         {"rejected", record.rejected.size()},
                                         {"merkle_root", record.merkle_root}});
  }
  context.note(fmt::format("receipt of the {} side for batch {}: {} loaded, {} rejected", record.outlet, record.batch,
                           counted(record.sims - record.rejected.size(), "SIM"), record.rejected.size()));
  return 0;
}

}  // namespace

Command batch_receipt_command() {
  Command command{
      .name = "batch receipt",
      .group = "Life of a batch",
      .summary = "sign that one side holds a batch's keys",
      .description =
          "For whoever receives keys. Opens all files of a side, recomputes the Merkle root from the keys, and signs "
          "a receipt: the batch, its certificate, the root, and the SIMs whose keys could not be loaded. The issuing "
          "host enters it with `batch ack`. A SIM becomes ACTIVE when both sides answered with the same root.\n"
          "--rejected lists SIMs that could not be loaded: a line each, ICCID or ICCID,REASON.",
      .examples = {"lightseed batch receipt batch --trust signer.crt --side card \\\n    --recipient-key card.key "
                   "--signer card-receipts.crt \\\n    --signer-key card-receipts.key -o card.receipt.json"},
      .options = {{.name = "directory", .value = "DIR", .text = "the batch", .required = true},
                  trust_option(),
                  {.name = "side",
                   .value = "SIDE",
                   .text = "the side that answers",
                   .required = true,
                   .choices = outlet_names()},
                  recipient_key_option(true),

                  {.name = "rejected", .value = "CSV", .text = "SIMs that could not be loaded; none unless told"},
                  {.name = "output", .letter = 'o', .value = "FILE", .text = "a new file, or -", .required = true}},
      .positional = {"directory"},
      .run = run_batch_receipt};
  const auto behind = std::ranges::find(command.options, "rejected", &Option::name);
  const auto signer = signer_options("the receipt");
  command.options.insert(behind, signer.begin(), signer.end());
  return command;
}

}  // namespace lightseed::cli

// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <ctime>

#include "cli/batch_options.h"
#include "cli/ledger_change.h"
#include "cli/passphrase.h"
#include "cli/verbs.h"
#include "cli/words.h"
#include "core/error.h"
#include "provision/destruction.h"

namespace lightseed::cli {
namespace {

int run_batch_destroy(const Context& context) {
  const std::time_t now = std::time(nullptr);
  if (context.text("reason").empty())
    throw Error(Category::usage, "--reason is empty; say why, for who reads it later");
  const auto trusted = TrustAnchor::read(context.text("trust"));
  const Signer signer(context.text("signer"), context.text("signer-key"), now, ask_passphrase(context));
  const TakenLedger taken = take_ledger(context);
  const Destruction done = destroy_batch({.directory = context.text("directory"),
                                          .record = context.text("output"),
                                          .reason = context.text("reason"),
                                          .now = now},
                                         trusted, signer, *taken.ledger);
  if (context.json()) {
    context.print_json("batch-destroy", {{"batch", done.record.batch},
                                         {"file", context.text("output")},
                                         {"record_sha256", done.record_sha256},
                                         {"files", done.record.files.size()},
                                         {"removed", done.removed}});
  }
  context.note(fmt::format("batch {} is destroyed: {} removed, the record is {}", done.record.batch,
                           counted(done.removed, "key file"), context.text("output")));
  return 0;
}

}  // namespace

Command batch_destroy_command() {
  Command command{
      .name = "batch destroy",
      .group = "Life of a batch",
      .summary = "end a batch, with a signed record",
      .description =
          "Writes a signed record, enters it in the ledger, and removes the key files from DIR; the certificate stays. "
          "None of the batch's keys may be used any more. Copies of the files, and what the sides loaded, are not "
          "reached. Cut off and called again, with the same -o, it goes on where it was.",
      .examples = {"lightseed batch destroy batch --trust signer.crt --ledger ledger.db \\\n    --signer signer.crt "
                   "--signer-key signer.key \\\n    --reason \"contract ended\" -o destroyed.json"},
      .options = {{.name = "directory", .value = "DIR", .text = "the batch", .required = true},
                  trust_option(),

                  {.name = "reason", .value = "WORDS", .text = "why; part of the record", .required = true},
                  {.name = "output", .letter = 'o', .value = "FILE", .text = "the record", .required = true}},
      .positional = {"directory"},
      .run = run_batch_destroy};
  for (Option& option : signer_options("the record"))
    command.options.push_back(std::move(option));
  for (Option& option : ledger_change_options())
    command.options.push_back(std::move(option));
  return command;
}

}  // namespace lightseed::cli

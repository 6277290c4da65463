// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include "cli/batch_options.h"
#include "cli/passphrase.h"
#include "cli/payload.h"
#include "cli/verbs.h"
#include "core/byte_views.h"
#include "core/error.h"
#include "evidence/record_text.h"
#include "provision/inclusion.h"

namespace lightseed::cli {
namespace {

int run_batch_prove(const Context& context) {
  const std::string iccid = iccid_of(context);
  const auto trusted = TrustAnchor::read(context.text("trust"));
  const RecipientKey key = RecipientKey::read(context.text("recipient-key"), ask_passphrase(context));
  const std::string target = context.text("output");
  Payload out(context, target, AtomicFile::Mode::open);
  const InclusionRecord proof = prove_inclusion(context.text("directory"), trusted, key, iccid, context.stop);
  out.write(bytes_of(record_text(proof)));
  out.commit();
  if (context.json())
    context.print_json("batch-prove", {{"batch", proof.batch}, {"iccid", proof.iccid}, {"file", target}});
  context.note(
      fmt::format("SIM {}: leaf {} of {} of batch {}", proof.iccid, proof.index + 1, proof.leaves, proof.batch));
  return 0;
}

}  // namespace

Command batch_prove_command() {
  return {.name = "batch prove",
          .group = "Life of a batch",
          .summary = "a proof that one SIM's keys are in a batch",
          .description =
              "For whoever receives keys. Opens the files of a side and writes the way from the SIM's block to the "
              "certified Merkle root: a file that shows nobody a key, and that `batch check-proof` holds against the "
              "certificate alone.",
          .examples = {"lightseed batch prove batch --trust signer.crt \\\n    --recipient-key card.key --iccid "
                       "8988211000000000011 -o proof.json"},
          .options = {{.name = "directory", .value = "DIR", .text = "the batch", .required = true},
                      trust_option(),
                      recipient_key_option(true),
                      passphrase_option(),
                      iccid_option(),
                      {.name = "output", .letter = 'o', .value = "FILE", .text = "a new file, or -", .required = true}},
          .positional = {"directory"},
          .run = run_batch_prove};
}

}  // namespace lightseed::cli

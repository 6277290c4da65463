// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include "cli/batch_options.h"
#include "cli/payload.h"
#include "cli/verbs.h"
#include "core/byte_views.h"
#include "evidence/record_text.h"
#include "provision/certificate_log.h"
#include "provision/verify.h"

namespace lightseed::cli {
namespace {

int run_ledger_prove(const Context& context) {
  const auto trusted = TrustAnchor::read(context.text("trust"));
  const SealedLogHead head = read_log_head(context.text("head"), trusted);
  const SealedCertificate sealed = read_sealed_certificate(context.text("certificate"), trusted);
  const auto ledger = open_ledger(context.text("ledger"), {});
  const LogInclusionRecord proof = prove_logged(*ledger, head.record, sealed.sha256);
  const std::string target = context.text("output");
  Payload out(context, target, AtomicFile::Mode::open);
  out.write(bytes_of(record_text(proof)));
  out.commit();
  if (context.json()) {
    context.print_json("ledger-prove", {{"file", target},
                                        {"batch", sealed.reading.batch.id},
                                        {"certificate_sha256", proof.certificate_sha256},
                                        {"index", proof.index},
                                        {"size", proof.size}});
  }
  context.note(fmt::format("the certificate of batch {} is number {} of {} in the log; the proof is {}",
                           sealed.reading.batch.id, proof.index + 1, proof.size, target));
  return 0;
}

}  // namespace

Command ledger_prove_command() {
  return {.name = "ledger prove",
          .group = "The ledger",
          .summary = "a proof that a certificate is in the log",
          .description =
              "Writes the hashes that lead from a batch's certificate to the root of a signed head. Whoever has "
              "certificate, head and proof can check them with `ledger check-head`, without the ledger.",
          .examples = {"lightseed ledger prove batch --ledger ledger.db --head tuesday.json \\\n    --trust signer.crt "
                       "-o proof.json"},
          .options = {{.name = "certificate",
                       .value = "PATH",
                       .text = "the certificate, or the directory of its batch",
                       .required = true},
                      {.name = "ledger", .value = "DB", .text = "the ledger", .required = true},
                      {.name = "head", .value = "FILE", .text = "a signed head of its log", .required = true},
                      trust_option(),
                      {.name = "output", .letter = 'o', .value = "FILE", .text = "a new file, or -", .required = true}},
          .positional = {"certificate"},
          .run = run_ledger_prove};
}

}  // namespace lightseed::cli

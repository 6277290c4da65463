// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include "cli/batch_options.h"
#include "cli/exit_code.h"
#include "cli/printable.h"
#include "cli/verbs.h"
#include "core/error.h"
#include "provision/inclusion.h"
#include "provision/verify.h"

namespace lightseed::cli {
namespace {

int run_batch_check_proof(const Context& context) {
  const InclusionRecord proof = read_inclusion_proof(context.text("proof"));
  const SealedCertificate sealed =
      read_sealed_certificate(context.text("certificate"), TrustAnchor::read(context.text("trust")));
  std::string fault;
  if (!sealed.reading.faults.empty()) fault = "the certificate does not hold: " + sealed.reading.faults.front();
  if (fault.empty()) fault = fault_of_inclusion(proof, sealed.reading.batch);
  if (context.json()) {
    context.print_json("batch-check-proof", {{"batch", proof.batch},
                                             {"iccid", proof.iccid},
                                             {"block", proof.block},
                                             {"leaf", proof.leaf},
                                             {"holds", fault.empty()},
                                             {"fault", fault}});
  } else if (fault.empty()) {
    context.out() << Coloured{Colour::good, "HOLDS"}
                  << printable(fmt::format(": leaf {} stands for SIM {} as number {} of {} in batch {}", proof.leaf,
                                           proof.iccid, proof.index + 1, proof.leaves, proof.batch),
                               2000)
                  << "\n";
  } else {
    context.out() << Coloured{Colour::bad, "DOES NOT HOLD"} << ": " << printable(fault, 2000) << "\n";
  }
  return fault.empty() ? 0 : exit_code(Category::verdict);
}

}  // namespace

Command batch_check_proof_command() {
  return {
      .name = "batch check-proof",
      .group = "Life of a batch",
      .summary = "hold such a proof against the certificate",
      .description =
          "Follows the way of a proof that `batch prove` made from its leaf to the certificate's Merkle root. Needs "
          "no key and no key file. It shows that the leaf is one of the batch's; that the leaf is of this SIM and "
          "these keys sees who holds them, for the leaf is their hash (docs/certificate.md).",
      .examples = {"lightseed batch check-proof proof.json \\\n    --certificate batch --trust signer.crt"},
      .options = {{.name = "proof", .value = "FILE", .text = "the proof", .required = true},
                  {.name = "certificate",
                   .value = "PATH",
                   .text = "the batch's certificate, or its directory",
                   .required = true},
                  trust_option()},
      .positional = {"proof"},
      .run = run_batch_check_proof};
}

}  // namespace lightseed::cli

// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <string>
#include <vector>

#include "cli/batch_options.h"
#include "cli/exit_code.h"
#include "cli/printable.h"
#include "cli/verbs.h"
#include "cli/words.h"
#include "core/error.h"
#include "provision/certificate_log.h"
#include "provision/verify.h"

namespace lightseed::cli {
namespace {

int run_ledger_check_head(const Context& context) {
  if (context.has("proof") != context.has("certificate"))
    throw Error(Category::usage, "--proof and --certificate come together: what is proved, and of what");
  const auto trusted = TrustAnchor::read(context.text("trust"));
  const SealedLogHead head = read_log_head(context.text("head"), trusted);
  std::vector<std::string> checks{fmt::format("the head is signed by {}", head.signer)}, faults;
  const auto judge = [&](const std::string& fault, std::string good) {
    fault.empty() ? checks.push_back(std::move(good)) : faults.push_back(fault);
  };
  if (context.has("before")) {
    const LogHeadRecord before = read_log_head(context.text("before"), trusted).record;
    judge(fault_of_growth(before, head.record), fmt::format("the log grew from the head of {}: {} then, {} now",
                                                            before.moment, before.size, head.record.size));
  }
  if (context.has("proof")) {
    const SealedCertificate sealed = read_sealed_certificate(context.text("certificate"), trusted);
    const LogInclusionRecord proof = read_log_inclusion(context.text("proof"));
    judge(fault_of_log_inclusion(proof, head.record, sealed.sha256),
          fmt::format("the certificate of batch {} is number {} of {} in the log", sealed.reading.batch.id,
                      proof.index + 1, proof.size));
  }
  if (context.json()) {
    context.print_json("ledger-check-head", {{"holds", faults.empty()},
                                             {"ledger", to_json(head.record.position)},
                                             {"size", head.record.size},
                                             {"root", head.record.root},
                                             {"moment", head.record.moment},
                                             {"checks", checks},
                                             {"faults", faults}});
  } else {
    for (const std::string& check : checks)
      context.out() << "  ok     " << printable(check, 2000) << "\n";
    for (const std::string& fault : faults)
      context.out() << "  " << Coloured{Colour::bad, "FAULT"} << "  " << printable(fault, 2000) << "\n";
    context.out() << Coloured{faults.empty() ? Colour::good : Colour::bad, faults.empty() ? "HOLDS" : "DOES NOT HOLD"}
                  << printable(fmt::format(": {} up to {}, root {}", counted(head.record.size, "certificate"),
                                           head.record.moment, head.record.root),
                               2000)
                  << "\n";
  }
  return faults.empty() ? 0 : exit_code(Category::verdict);
}

}  // namespace

Command ledger_check_head_command() {
  return {.name = "ledger check-head",
          .group = "The ledger",
          .summary = "check a signed head of the log, without the ledger",
          .description =
              "Checks the signature of a head that `ledger head` made; with --before that the log grew from an earlier "
              "head, so that nothing in it was changed, left out or put in between; with --proof and --certificate "
              "that a batch's certificate is in it. Exit code 1 where something does not hold.",
          .examples = {"lightseed ledger check-head tuesday.json --trust signer.crt \\\n    --before monday.json "
                       "--certificate batch --proof proof.json"},
          .options = {{.name = "head", .value = "FILE", .text = "the head", .required = true},
                      trust_option(),
                      {.name = "before", .value = "FILE", .text = "an earlier head"},
                      {.name = "certificate",
                       .value = "PATH",
                       .text = "a certificate that is in the log, or the directory of its batch"},
                      {.name = "proof", .value = "FILE", .text = "what `ledger prove` made of it"}},
          .positional = {"head"},
          .run = run_ledger_check_head};
}

}  // namespace lightseed::cli

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
#include "cli/words.h"
#include "evidence/json_text.h"
#include "provision/verify.h"

namespace lightseed::cli {
namespace {

std::string recipient_words(const RecipientRecord& recipient) {
  if (recipient.kind == RecipientRecord::Kind::key_encryption_key) {
    return fmt::format("key-encryption key {}", recipient.id);
  }
  return fmt::format("{} ({})", recipient.subject,
                     recipient.public_key.empty() ? name_of(recipient.kind) : recipient.public_key);
}

/// Name and value of each line, in the order a person asks.
std::vector<std::pair<std::string, std::string>> lines_of(const SealedCertificate& sealed) {
  const CertifiedBatch& batch = sealed.reading.batch;
  const CertifiedStrength& strength = sealed.reading.strength;
  std::vector<std::pair<std::string, std::string>> lines{
      {"batch", batch.id},
      {"order", batch.order_id},
      {"order file", "SHA-256 " + batch.order_sha256},
      {"purpose", fmt::format("{} ({})", purpose_of(batch.provenance), name_of(batch.provenance))},
      {"created", batch.created},
      {"signer", sealed.signer.subject()},
      {"keys", fmt::format("{}, {} of {}", counted(batch.sims, "SIM"), counted(batch.keys_per_sim, "key"),
                           counted(batch.key_bytes, "byte"))},
      {"run", fmt::format("{} to {}", strength.started, strength.stopped)},
      {"assessed", counted(strength.assessed_samples, "raw sample")},
      {"min-entropy", fmt::format("{:.6f} bits a raw sample counted on", strength.bits_per_sample)},
      {"health tests", fmt::format("false alarms 2^{}", strength.alpha_log2)},
      {"extractor", strength.extractor},
      {"expansion", strength.expansion},
      {"distance", fmt::format("all keys within 2^{} of uniform", strength.log2_epsilon)},
      {"Merkle root", batch.merkle_root}};
  for (const JudgedSignature& one : sealed.further.all) {
    const auto behind = std::ranges::find(lines, std::string("keys"), &decltype(lines)::value_type::first);
    lines.emplace(behind, "signed too by",
                  fmt::format("{} ({}{})", one.signer.subject(), words_for(one.kind).kind,
                              !one.checked   ? "; not checked"
                              : !one.vouched ? "; whose key it is was not judged"
                                             : ""));
  }
  if (batch.releaser) lines.emplace_back("waits for", "the release of " + batch.releaser->subject);
  if (batch.audit) lines.emplace_back("audit", words_for(batch.audit->says) + "; " + batch.audit->name);
  for (const CertifiedRecipient& recipient : batch.recipients)
    lines.emplace_back(recipient.outlet + " side", recipient_words(recipient.record));
  for (const KeyFile& file : batch.files)
    lines.emplace_back("file", fmt::format("{} ({}, {}, SHA-256 {})", file.name, counted(file.blocks, "block"),
                                           counted(file.bytes, "byte"), file.sha256));
  return lines;
}

int run_batch_show(const Context& context) {
  const SealedCertificate sealed = read_sealed_certificate(
      context.text("certificate"), TrustAnchor::read(context.text("trust")), signature_demands(context));
  const CertificateReading& reading = sealed.reading;
  // What contradicts itself is shown; what holds and is not enough is refused.
  if (reading.faults.empty()) require_demanded_signatures(sealed);
  if (context.json()) {
    Json body{{"signer", sealed.signer.subject()},
              {"edition", reading.batch.edition},
              {"purpose", purpose_of(reading.batch.provenance)},
              {"notices", reading.notices},
              {"faults", reading.faults},
              {"statement", parse_json(sealed.statement, "the certificate", {.bytes = largest_certificate})}};
    if (reading.batch.second_signer) body["second_signer"] = reading.batch.second_signer->subject;
    if (!sealed.further.all.empty())
      body["further_signatures"] = json_of_signatures(sealed.further.all, reading.faults.empty());
    context.print_json("batch-show", body);
  } else {
    std::ostream& out = context.out();
    for (const auto& [name, value] : lines_of(sealed))
      out << fmt::format("{:<13} ", printable(name)) << printable(value, 2000) << "\n";
    for (const std::string& notice : reading.notices)
      out << Coloured{Colour::notice, "note"} << "          " << printable(notice, 2000) << "\n";
    for (const std::string& fault : reading.faults)
      out << Coloured{Colour::bad, "FAULT"} << "         " << printable(fault, 2000) << "\n";
    if (const auto words = banner(reading.batch.provenance); !words.empty()) out << words << "\n";
    out << "The seal holds. Key files and policy were not looked at: lightseed batch verify does.\n";
  }
  return reading.faults.empty() ? 0 : exit_code(Category::verdict);
}

}  // namespace

Command batch_show_command() {
  Command command{
      .name = "batch show",
      .group = "Batches of SIM keys",
      .summary = "what a certificate says, without its key files",
      .description =
          "Checks the seal of a certificate, makes its statement again from the facts in it, and prints what it says "
          "of the batch. Needs the certificate alone. With --json the whole statement comes with it. Exit code 1 when "
          "the certificate contradicts itself, 7 when a signature that is asked for is not there.",
      .examples = {"lightseed batch show batch --trust signer.crt"},
      .options = {{.name = "certificate",
                   .value = "PATH",
                   .text = "the certificate, or the directory of its batch",
                   .required = true},
                  trust_option()},
      .positional = {"certificate"},
      .run = run_batch_show};
  add_behind(command.options, "trust", signature_options());
  return command;
}

}  // namespace lightseed::cli

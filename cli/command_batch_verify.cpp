// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "cli/batch_options.h"
#include "cli/order_verdict.h"
#include "cli/passphrase.h"
#include "cli/printable.h"
#include "cli/progress.h"
#include "cli/verbs.h"
#include "cli/verdict.h"
#include "cli/words.h"
#include "core/clock.h"
#include "evidence/run_record.h"
#include "provision/order_certificate.h"
#include "provision/verify.h"

namespace lightseed::cli {
namespace {

VerifyRequest request_from(const Context& context) {
  VerifyRequest request;
  request.stop = context.stop;
  request.policy.allow_test = context.has("allow-test");
  request.policy.signatures = signature_demands(context);
  if (context.has("require-release")) request.policy.release_trust = TrustAnchor::read(context.text("require-release"));
  if (context.has("tsa")) request.policy.time_stamp_trust = TimeStampTrust::read(context.text("tsa"));
  if (context.has("most-epsilon"))
    request.policy.most_log2_epsilon = context.options.log2_probability("most-epsilon", {-1000, 0});
  if (context.has("allow-expansion")) request.policy.expansions.insert(context.text("allow-expansion"));
  if (context.has("allow-calibrated-model")) request.policy.bindings.insert(std::string(calibrated_model_binds));
  if (context.has("recipient-key"))
    request.key = RecipientKey::read(context.text("recipient-key"), ask_passphrase(context));
  if (context.has("side")) request.outlet = context.text("side");
  if (context.has("previous")) request.previous = context.text("previous");
  if (context.has("order")) request.order = read_order(context.text("order"), order_id_of(context));
  return request;
}

Findings findings_of(const VerifyReport& report) {
  return {report.checks, report.certificate.notices, report.faults, report.refusals};
}

Json json_of(const VerifyReport& report, const Policy& policy, std::string_view verdict) {
  const CertifiedBatch& batch = report.certificate.batch;
  const CertifiedStrength& strength = report.certificate.strength;
  Json body{{"verdict", verdict},
            {"edition", batch.edition},
            {"batch", batch.id},
            {"order", batch.order_id},
            {"purpose", purpose_of(batch.provenance)},
            {"provenance", name_of(batch.provenance)}};
  if (const auto words = banner(batch.provenance); !words.empty()) body["banner"] = words;
  body["sims"] = batch.sims;
  body["keys_per_sim"] = batch.keys_per_sim;
  body["key_bytes"] = batch.key_bytes;
  body["merkle_root"] = batch.merkle_root;
  body["log2_epsilon"] = strength.log2_epsilon;
  body["min_entropy_per_sample"] = strength.bits_per_sample;
  body["expansion"] = strength.expansion;
  if (batch.second_signer) {
    const bool vouched = !report.further_signatures.empty() && report.further_signatures.front().vouched;
    body["second_signer"] = {{"subject", batch.second_signer->subject}, {"trusted", vouched && report.faults.empty()}};
  }
  if (!report.further_signatures.empty())
    body["further_signatures"] = json_of_signatures(report.further_signatures, report.faults.empty());
  if (batch.releaser) body["release"] = {{"by", batch.releaser->subject}, {"released", report.released}};
  if (report.time_stamp) {
    body["time_stamp"] = {{"moment", utc_text(report.time_stamp->moment)},
                          {"authority", report.time_stamp->authority},
                          {"trusted", policy.time_stamp_trust.has_value()}};
  }
  if (batch.audit) {
    body["audit"] = {{"name", batch.audit->name},
                     {"bits", batch.audit->says.bits},
                     {"first_bits", batch.audit->says.first_bits},
                     {"verdict", name_of(batch.audit->says.verdict())},
                     {"made_again", report.audit_made_again}};
  }
  body["opened_side"] = report.opened_outlet;
  findings_of(report).add_to(body, policy);
  return body;
}

void show(const Context& context, const VerifyReport& report, const Policy& policy, std::string_view verdict) {
  std::ostream& out = context.out();
  findings_of(report).show(out);
  if (context.has("explain")) {
    for (const std::string& floor : floors_of(policy))
      out << "  floor  " << printable(floor) << "\n";
  }
  findings_of(report).show_refusals(out);
  const CertifiedBatch& batch = report.certificate.batch;
  const CertifiedStrength& strength = report.certificate.strength;
  if (const auto words = banner(batch.provenance); !words.empty()) out << words << "\n";
  if (report.faults.empty() && !fit_for_production(batch.provenance) && !policy.allow_test) {
    out << "--allow-test accepts it for tests\n";
  }
  const bool misses_files =
      std::ranges::any_of(report.faults, [](const std::string& fault) { return fault.ends_with(".p7m is missing"); });
  if (misses_files && !context.has("side")) out << "where one side's files alone should be, --side NAME checks those\n";
  out << fmt::format("within 2^{} of uniform, if a raw sample holds {:.4f} bits as claimed; expansion {}\n",
                     strength.log2_epsilon, strength.bits_per_sample, printable(strength.expansion))
      << Coloured{verdict == "VALID" ? Colour::good : Colour::bad, verdict}
      << fmt::format(": batch {} of order {}, {} with {} of {}, purpose {}\n", printable(batch.id),
                     printable(batch.order_id), counted(batch.sims, "SIM"), counted(batch.keys_per_sim, "key"),
                     counted(batch.key_bytes, "byte"), purpose_of(batch.provenance));
}

int run_batch_verify(const Context& context) {
  const auto trusted = TrustAnchor::read(context.text("trust"));
  VerifyRequest request = request_from(context);
  if (has_order_certificate(context.text("directory"))) return verify_whole_order(context, trusted, std::move(request));
  const VerifyReport report = [&] {
    Progress progress(context.console, "verifying");
    request.progress = [&](std::uint64_t done, std::uint64_t total) { progress.show(done, total, "bytes"); };
    return verify(context.text("directory"), trusted, request);
  }();
  const char* const verdict = findings_of(report).word();
  if (context.json()) {
    context.print_json("batch-verify", json_of(report, request.policy, verdict));
  } else {
    show(context, report, request.policy, verdict);
  }
  return findings_of(report).exit_code();
}

}  // namespace

Command batch_verify_command() {
  Command command{
      .name = "batch verify",
      .group = "Batches of SIM keys",
      .summary = "check a batch against its certificate, offline",
      .description =
          "Checks the seal, makes the certificate again from the facts in it and compares, and looks at every file's "
          "digest and at strays. With --recipient-key it also opens that side and recomputes the Merkle root from the "
          "keys. Exit code 1 when something does not hold, 7 when the batch is as certified but below a floor of the "
          "policy: epsilon, health tests, expansion, age, or a source that is no hardware.\nOf an order in parts it "
          "checks every "
          "part so, and that they are the parts that the order's certificate binds.\nA second or third signature "
          "must hold where there is one, if this machine's libcrypto offers its kind; a note says so where it does "
          "not. Whose it is is judged with --second-trust alone; then there must be one. --require-signature asks for "
          "kinds. What is asked for and cannot be checked here is REFUSED.\nA "
          "batch under dual control is VALID before its release, for whoever is to release it; "
          "--require-release asks for the release.",
      .examples = {"lightseed batch verify batch --trust signer.crt",
                   "lightseed batch verify batch --trust signer.crt \\\n    --recipient-key perso.key --allow-test"},
      .options = {{.name = "directory", .value = "DIR", .text = "the batch, or an order in parts", .required = true},
                  trust_option(),
                  recipient_key_option(false),
                  passphrase_option(),
                  {.name = "side", .value = "SIDE", .text = "you were sent one side alone", .choices = outlet_names()},
                  {.name = "order", .value = "CSV", .text = "the batch must be of this order file"},
                  {.name = "order-id", .value = "ID", .text = "the order's id where it is not the file's name"},
                  {.name = "allow-test", .text = "accept a batch from a simulator or a recording"},
                  {.name = "most-epsilon",
                   .value = "P",
                   .text = "the keys may be this far from uniform at most: 2^-64"},
                  {.name = "allow-expansion",
                   .value = "MODE",
                   .text = "accept keys expanded by rbg2 too, which full entropy is not behind"},
                  {.name = "allow-calibrated-model",
                   .text = "accept that a calibration's claim counted where the measurement of the run was lower"},
                  {.name = "previous",
                   .value = "PATH",
                   .text = "the certificate, or batch, that must have been issued just before this one"},
                  {.name = "require-release",
                   .value = "CRT",
                   .text = "ask for dual control: a release by this certificate or under this chain"},
                  {.name = "tsa",
                   .value = "CRT",
                   .text = "ask for a time stamp of the certificate, RFC 3161, for whose authority this vouches"},
                  {.name = "explain", .text = "also list the floors of the policy"}},
      .positional = {"directory"},
      .run = run_batch_verify};
  add_behind(command.options, "trust", signature_options());
  return command;
}

}  // namespace lightseed::cli

#include <fmt/format.h>

#include <iostream>

#include "cli/exit_code.h"
#include "cli/verbs.h"
#include "provision/verify.h"

namespace lightseed::cli {
namespace {

/// 0 as certified, 1 something does not hold, 7 as certified but not enough for the policy.
int exit_code_of(const VerifyReport& report) {
  if (!report.faults.empty()) return exit_code(Category::verdict);
  return report.refusals.empty() ? 0 : exit_code(Category::refused);
}

VerifyRequest request_from(const Context& context) {
  VerifyRequest request;
  request.stop = context.stop;
  request.policy.allow_test = context.has("allow-test");
  if (context.has("most-log2-epsilon")) request.policy.most_log2_epsilon = context.get<double>("most-log2-epsilon");
  if (context.has("allow-expansion")) request.policy.expansions.insert(context.get<std::string>("allow-expansion"));
  if (context.has("recipient-key")) request.key = RecipientKey::read(context.get<std::string>("recipient-key"));
  if (context.has("side")) request.outlet = context.get<std::string>("side");
  if (context.has("order")) {
    request.order = read_order(context.get<std::string>("order"),
                               context.has("order-id") ? context.get<std::string>("order-id") : "");
  }
  return request;
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
  body["opened_side"] = report.opened_outlet;
  body["checks"] = report.checks;
  body["notices"] = report.certificate.notices;
  body["faults"] = report.faults;
  body["refusals"] = report.refusals;
  body["floors"] = floors_of(policy);
  return body;
}

int run(const Context& context) {
  const auto trusted = TrustAnchor::read(context.get<std::string>("trust"));
  const VerifyRequest request = request_from(context);
  const VerifyReport report = verify(context.get<std::string>("directory"), trusted, request);
  const int code = exit_code_of(report);
  const char* const verdict = code == 0 ? "VALID" : report.faults.empty() ? "REFUSED" : "INVALID";
  if (context.json()) {
    print_json("batch-verify", json_of(report, request.policy, verdict));
    return code;
  }
  for (const std::string& check : report.checks)
    std::cout << "  ok     " << check << "\n";
  for (const std::string& notice : report.certificate.notices)
    std::cout << "  note   " << notice << "\n";
  for (const std::string& fault : report.faults)
    std::cout << "  FAULT  " << fault << "\n";
  if (context.has("explain")) {
    for (const std::string& floor : floors_of(request.policy))
      std::cout << "  floor  " << floor << "\n";
  }
  for (const std::string& refusal : report.refusals)
    std::cout << "  POLICY " << refusal << "\n";
  const CertifiedBatch& batch = report.certificate.batch;
  const CertifiedStrength& strength = report.certificate.strength;
  if (const auto words = banner(batch.provenance); !words.empty()) std::cout << words << "\n";
  if (report.faults.empty() && !fit_for_production(batch.provenance) && !request.policy.allow_test) {
    std::cout << "--allow-test accepts it for tests\n";
  }
  std::cout << fmt::format(
      "within 2^{} of uniform, if a raw sample holds {:.4f} bits as claimed; expansion {}\n"
      "{}: batch {} of order {}, {} SIMs with {} keys of {} bytes, purpose {}\n",
      strength.log2_epsilon, strength.bits_per_sample, strength.expansion, verdict, batch.id, batch.order_id,
      batch.sims, batch.keys_per_sim, batch.key_bytes, purpose_of(batch.provenance));
  return code;
}

}  // namespace

Command batch_verify_command() {
  namespace po = boost::program_options;
  Command command{
      .name = "batch verify",
      .summary = "check a batch against its certificate, offline and without keys",
      .description =
          "Checks the seal, makes the certificate again from the facts in it and compares, and looks at every file's\n"
          "digest and at strays. With --recipient-key it also opens that side and recomputes the Merkle root from\n"
          "the keys. Exit code 1 when something does not hold, 7 when the batch is as certified but below a floor\n"
          "of the policy: epsilon, health tests, expansion, age, or a source that is no hardware.",
      .examples = {"lightseed batch verify batch --trust signer.crt",
                   "lightseed batch verify batch --trust signer.crt --recipient-key perso.key --allow-test"},
      .options = po::options_description("Options"),
      .positional = {"directory"},
      .run = run};
  const auto text = [] { return po::value<std::string>(); };
  auto add = command.options.add_options();
  add("directory", text()->required()->value_name("DIR"), "the batch (also without the option's name)");
  add("trust", text()->required()->value_name("CRT"), "the signer's certificate, known from elsewhere");
  add("recipient-key", text()->value_name("KEY"), "private key of a recipient, or kek:ID:FILE");
  add("side", text()->value_name("SIDE"), "you were sent one side alone: card or network");
  add("order", text()->value_name("CSV"), "the batch must be of this order file");
  add("order-id", text()->value_name("ID"), "the order's id where it is not the file's name");
  add("allow-test", "accept a batch from a simulator or a recording");
  add("most-log2-epsilon", po::value<double>()->value_name("LOG2"),
      "the keys may be this far from uniform at most, as a logarithm: -64");
  add("allow-expansion", text()->value_name("MODE"),
      "accept keys expanded by rbg2 too, which full entropy is not behind");
  add("explain", "also list the floors of the policy");
  return command;
}

}  // namespace lightseed::cli

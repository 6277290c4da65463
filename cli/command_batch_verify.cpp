#include <fmt/format.h>

#include <iostream>

#include "cli/exit_code.h"
#include "cli/verbs.h"
#include "pipeline/measure.h"
#include "provision/verify.h"

namespace lightseed::cli {
namespace {

/// 0 as certified, 1 something does not hold, 7 as certified but not for production.
int exit_code_of(const VerifyReport& report, bool allow_test) {
  if (!report.faults.empty()) return exit_code(Category::verdict);
  if (!fit_for_production(report.certificate.provenance) && !allow_test) return exit_code(Category::refused);
  return 0;
}

int run(const Context& context) {
  const auto trusted = X509Certificate::read(context.get<std::string>("trust"));
  std::optional<RecipientKey> key;
  if (context.has("recipient-key")) key = RecipientKey::read(context.get<std::string>("recipient-key"));
  const VerifyReport report = verify(context.get<std::string>("directory"), trusted, check_raw_assessment, key);
  const CertificateReading& certificate = report.certificate;
  const int code = exit_code_of(report, context.has("allow-test"));
  const char* const verdict = code == 0 ? "VALID" : code == exit_code(Category::refused) ? "REFUSED" : "INVALID";
  const auto words = banner(certificate.provenance);
  if (context.json()) {
    Json body{{"verdict", verdict},
              {"batch", certificate.batch},
              {"purpose", certificate.purpose},
              {"provenance", name_of(certificate.provenance)}};
    if (!words.empty()) body["banner"] = words;
    body["sims"] = certificate.sims;
    body["keys_per_sim"] = certificate.keys_per_sim;
    body["key_bytes"] = certificate.key_bytes;
    body["merkle_root"] = certificate.merkle_root;
    body["opened_side"] = report.opened_side;
    body["checks"] = report.checks;
    body["faults"] = report.faults;
    print_json("batch-verify", body);
    return code;
  }
  for (const std::string& check : report.checks)
    std::cout << "  ok     " << check << "\n";
  for (const std::string& fault : report.faults)
    std::cout << "  FAULT  " << fault << "\n";
  if (!words.empty()) std::cout << words << "\n";
  if (code == exit_code(Category::refused)) {
    std::cout << fmt::format("a {} batch is refused for production; --allow-test accepts it for tests\n",
                             certificate.purpose);
  }
  std::cout << fmt::format("{}: batch {}, {} SIMs with {} keys of {} bytes, purpose {}\n", verdict, certificate.batch,
                           certificate.sims, certificate.keys_per_sim, certificate.key_bytes, certificate.purpose);
  return code;
}

}  // namespace

Command batch_verify_command() {
  namespace po = boost::program_options;
  Command command{
      .name = "batch verify",
      .summary = "check a batch against its certificate, offline and without keys",
      .description =
          "Checks the seal, every file's digest, strays, and everything that follows from something else in the\n"
          "certificate: claim, cut-offs, output lengths, epsilon. With --recipient-key it also opens that side and\n"
          "recomputes the Merkle root from the keys. Exit code 1 when something does not hold, 7 when the batch\n"
          "is sound but not from hardware and --allow-test is missing.",
      .examples = {"lightseed batch verify batch --trust signer.crt",
                   "lightseed batch verify batch --trust signer.crt --recipient-key perso.key --allow-test"},
      .options = po::options_description("Options"),
      .positional = {"directory"},
      .run = run};
  command.options.add_options()("directory", po::value<std::string>()->required()->value_name("DIR"),
                                "the batch (also without the option's name)")(
      "trust", po::value<std::string>()->required()->value_name("CRT"),
      "the signer's certificate, known from elsewhere")("recipient-key", po::value<std::string>()->value_name("KEY"),
                                                        "private key of a recipient, or kek:ID:FILE")(
      "allow-test", "accept a batch from a simulator or a recording");
  return command;
}

}  // namespace lightseed::cli

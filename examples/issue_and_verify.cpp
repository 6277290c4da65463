// SPDX-License-Identifier: Apache-2.0
// Makes the keys of an order from a simulated source and checks the batch, as a program outside Lightseed does it:
//   issue_and_verify ORDER.csv PERSO.crt AUC.crt SIGNER.crt SIGNER.key LEDGER.db DIRECTORY
#include <lightseed/lightseed.h>

#include <ctime>
#include <iostream>
#include <string>
#include <vector>

int main(int argc, char** argv) try {
  const std::vector<std::string> arguments(argv + 1, argv + argc);
  if (arguments.size() != 7) {
    std::cerr << "issue_and_verify ORDER.csv PERSO.crt AUC.crt SIGNER.crt SIGNER.key LEDGER.db DIRECTORY\n";
    return 2;
  }
  lightseed::SourceRegistry sources;
  lightseed::simulated::add_models(sources);

  // What is wanted: ten one-time keys of 16 bytes for every SIM of the order, for two recipients.
  const std::time_t now = std::time(nullptr);
  const lightseed::IssueRequest request{.order = lightseed::read_order(arguments[0]),
                                        .keys_per_sim = 10,
                                        .key_bytes = 16,
                                        .outlets = {{"card", lightseed::Recipient::read(arguments[1], now)},
                                                    {"network", lightseed::Recipient::read(arguments[2], now)}},
                                        .signer = lightseed::Signer(arguments[3], arguments[4], now),
                                        .ledger = arguments[5],
                                        .directory = arguments[6]};

  // Where randomness comes from; its min-entropy is measured on the run itself.
  const auto result = lightseed::issue(request, {.open_source = [&] { return sources.open("sim:homodyne?seed=1"); }});
  std::cout << "lightseed " << lightseed::version() << ": batch " << result.batch << ", " << result.files.size()
            << " files\n";

  // Anybody with the signer's certificate can check it, without keys.
  const auto trusted = lightseed::TrustAnchor::read(arguments[3]);
  const auto report = lightseed::verify(result.directory, trusted, {});
  for (const std::string& fault : report.faults)
    std::cout << "fault: " << fault << "\n";
  std::cout << (report.faults.empty() ? "as certified" : "not as certified") << ", purpose "
            << lightseed::purpose_of(report.certificate.batch.provenance) << "\n";
  return report.faults.empty() ? 0 : 1;
} catch (const lightseed::Error& error) {
  std::cerr << lightseed::name_of(error.category()) << ": " << error.what() << "\n";
  return 1;
}

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <string>
#include <utility>
#include <vector>

namespace lightseed::test {

/// `batch issue` in a directory that holds order.csv and what `keys new keys` makes; the batch goes to out.
inline std::vector<std::string> issue_words(const std::filesystem::path& directory, const std::string& source,
                                            const std::string& keys_per_sim) {
  const auto file = [&](const char* name) { return (directory / name).string(); };
  std::vector<std::string> words{"batch", "issue", "--source", source, "--keys-per-sim", keys_per_sim};
  for (const auto& [option, name] : {std::pair{"--order", "order.csv"},
                                     {"--card-recipient", "keys/card.crt"},
                                     {"--network-recipient", "keys/network.crt"},
                                     {"--signer", "keys/signer.crt"},
                                     {"--signer-key", "keys/signer.key"},
                                     {"--ledger", "ledger.db"},
                                     {"-o", "out"}}) {
    words.insert(words.end(), {option, file(name)});
  }
  return words;
}

}  // namespace lightseed::test

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "core/json.h"

namespace lightseed {

/// What makes two requests for one order the same. A ledger keeps it as a text and never looks inside.
struct IssueRequestRecord {
  std::string order_sha256;
  std::uint64_t sims = 0;
  std::uint64_t keys_per_sim = 0;
  std::uint64_t key_bytes = 0;
  double log2_epsilon = 0;
  std::string extractor{};                               ///< empty stands for the default, as ledgers of before say it
  std::vector<std::pair<std::string, Json>> recipients;  ///< by outlet, as they describe themselves
  std::string signer_sha256;
  std::optional<Json> expansion;                      ///< nothing for full entropy
  std::string binding{};                              ///< "calibration" where its claim counts; empty: the lower figure
  std::string seed_source{};                          ///< of the extractor's seed; empty: the operating system alone
  std::vector<std::string> further_signers_sha256{};  ///< of the certificates of who sign too: a second, a third
  std::string releaser_sha256{};  ///< of the certificate of who releases the batch; empty: nobody has to
  bool audit = false;             ///< the keys are audited as they are made
};

/// One line of JSON; the members of ledgers of schema 1.
std::string request_text(const IssueRequestRecord& record);

/// How much was asked for.
struct RequestedKeys {
  std::uint64_t sims = 0;
  std::uint64_t keys_per_sim = 0;
  std::uint64_t key_bytes = 0;

  [[nodiscard]] std::uint64_t bytes() const noexcept { return sims * keys_per_sim * key_bytes; }
};

/// The same of a request's text; nothing for a text that does not say it.
std::optional<RequestedKeys> requested_keys(const std::string& request);

/// Whose release the batch waits for, by the SHA-256 of the certificate; empty: nobody's. Nothing for a text that
/// cannot be read.
std::optional<std::string> requested_releaser(const std::string& request);

/// What differs between two such texts, in words ("the number of keys for each SIM"); none when they ask for the same.
std::vector<std::string> request_differences(const std::string& before, const std::string& now);

}  // namespace lightseed

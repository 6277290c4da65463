// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "crypto/time_stamp.h"
#include "crypto/trust.h"
#include "provision/certificate.h"
#include "provision/further_signatures.h"

namespace lightseed {

/// What a certificate must reach to be accepted. The floors are a verifier's own: a certificate can be true to the last
/// digit and still promise too little.
struct Policy {
  double most_log2_epsilon = -64;  ///< the batch as a whole may be this far from uniform, as a logarithm
  double least_alpha_log2 = -40;   ///< false-alarm rate of the health tests, SP 800-90B 4.3 requirement 8
  double most_alpha_log2 = -20;
  std::set<std::string, std::less<>> expansions{"none", "rbg3-xor", "rbg3-rs"};  ///< full entropy, all three
  std::set<std::string, std::less<>> bindings{"lower"};                          ///< which min-entropy may count
  std::uint64_t least_assessed_samples = 1'000'000;                              ///< SP 800-90B 3.1.1
  std::chrono::hours longest_run{24 * 31};  ///< from the assessment to the end: its samples must be like those used
  bool allow_test = false;                  ///< batches from simulators and recordings too
  SignatureDemands signatures{};            ///< what there must be beside the first signature
  /// Who must have released it, or vouch for who did; nothing: need not be released.
  std::optional<TrustAnchor> release_trust{};
  /// Whose time stamp there must be; nothing: none need be.
  std::optional<TimeStampTrust> time_stamp_trust{};
};

/// The floors, one phrase each, for a person.
std::vector<std::string> floors_of(const Policy& policy);

/// Why the policy does not accept this certificate, one sentence each; none: it does. What it asks of signatures,
/// releases and time stamps is not in a certificate alone: verify.h.
std::vector<std::string> refusals(const Policy& policy, const CertificateReading& certificate);

}  // namespace lightseed

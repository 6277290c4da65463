// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "provision/certified_batch.h"

namespace lightseed {

/// A batch's certificate: an in-toto Statement v1 in a DSSE envelope, whose predicate says how the keys came to be
/// (docs/certificate.md). Its predicate type names the edition; each published edition has a folder of its own
/// (provision/edition_1/), which reads its statements and makes them again, for ever.

inline constexpr std::string_view certificate_payload_type = "application/vnd.in-toto+json";

/// The largest certificate anybody reads: some ten thousand key files.
inline constexpr std::size_t largest_certificate = std::size_t{4} << 20;

/// What a verifier's policy judges; a certificate may be flawless and still too weak for somebody's purpose.
struct CertifiedStrength {
  double log2_epsilon = 0;             ///< distance of all keys together from uniform, as a logarithm
  double bits_per_sample = 0;          ///< min-entropy that the extraction counted on
  double alpha_log2 = 0;               ///< false-alarm rate of the health tests
  std::string extractor;               ///< registered name
  std::string binding = "lower";       ///< what the min-entropy is: "lower" of claim and measurement, or another rule
  std::string expansion;               ///< "none" or a construction of SP 800-90C
  std::uint64_t assessed_samples = 0;  ///< raw samples of the run that were assessed
  std::string started, stopped;        ///< of the run, RFC 3339
};

/// What a certificate says, and whether it can be true.
struct CertificateReading {
  CertifiedBatch batch;
  CertifiedStrength strength;
  std::vector<std::string> checks;   ///< what was checked and holds, one phrase each
  std::vector<std::string> notices;  ///< what a person should know although nothing is wrong
  std::vector<std::string> faults;   ///< what cannot be true; none: nothing in it contradicts the rest
};

/// Reads the body of a certificate of any published edition and makes it again from the facts in it. `body` comes out
/// of an envelope whose signature held. Throws Error(verdict) when it is no certificate of a known edition.
CertificateReading read_certificate(std::string_view body);

/// The name of a batch's certificate in its directory.
std::string certificate_name(std::string_view batch);

}  // namespace lightseed

#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "core/json.h"
#include "core/provenance.h"

namespace lightseed {

/// A batch's certificate: an in-toto Statement v1 whose predicate says how the keys came to be (docs/certificate.md).

inline constexpr const char* certificate_payload_type = "application/vnd.in-toto+json";
inline constexpr const char* certificate_predicate_type = "urn:lightseed:qrng-key-batch/v1";

/// A key file as the statement names it.
struct KeyFile {
  std::string name;    ///< file name, without a directory
  std::string side;    ///< "card" or "network"
  std::string sha256;  ///< hexadecimal
  std::uint64_t bytes = 0;
  std::uint64_t blocks = 0;
};

/// What a certificate is made of; everything else in it follows.
struct CertificateContent {
  std::string batch;
  Json order;  ///< id, sha256, sims
  std::uint64_t sims = 0;
  std::uint64_t keys_per_sim = 0;
  std::uint64_t key_bytes = 0;
  std::string created;
  Provenance provenance = Provenance::simulated;
  Json evidence;   ///< KeyStream::evidence()
  Json expansion;  ///< RandomBits::evidence()
  std::string merkle_root;
  std::vector<KeyFile> files;
  Json card_recipient;
  Json network_recipient;
  Json signer;
};

/// "PRODUCTION" for hardware, "TEST" for everything else. There is no other way to get either word.
const char* purpose_of(Provenance provenance) noexcept;

/// The statement as the JSON text to be sealed.
std::string certificate_body(const CertificateContent& content);

/// Checks a measurement's own arithmetic: one sentence a fault. Injected, as Assess is.
using CheckAssessment = std::function<std::vector<std::string>(const Json& measured)>;

/// What a verifier learned from a statement.
struct CertificateReading {
  std::vector<std::string> faults;  ///< none: everything that can be recomputed was, and fits
  std::string batch;
  std::string purpose;
  Provenance provenance = Provenance::simulated;
  std::uint64_t sims = 0;
  std::uint64_t keys_per_sim = 0;
  std::uint64_t key_bytes = 0;
  std::string merkle_root;
  std::vector<KeyFile> files;
};

/// Reads a statement and recomputes what follows from it: purpose and banner from provenance, claim, cut-offs,
/// lengths and epsilon from the evidence. Throws Error(verdict) when it is no certificate at all.
CertificateReading read_certificate(const std::string& body, const CheckAssessment& check_assessment);

}  // namespace lightseed

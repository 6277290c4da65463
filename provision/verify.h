#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "crypto/recipient.h"
#include "crypto/signer.h"
#include "provision/certificate.h"

namespace lightseed {

/// What verify() found.
struct VerifyReport {
  CertificateReading certificate;
  std::vector<std::string> checks;  ///< what was checked and holds, one phrase each
  std::vector<std::string> faults;  ///< what does not hold; none: the batch is as it was certified
  std::string opened_side;          ///< "card" or "network" when a key was given and opened it
  std::uint64_t blocks_opened = 0;
};

/// Checks a batch's directory against its certificate, offline and without any key: seal, file digests, strays,
/// and everything read_certificate() recomputes. With a recipient's key it also opens that side, checks the signer of
/// every file and recomputes the Merkle root from the keys.
///
/// Throws Error(io) when the directory or a file cannot be read, Error(verdict) when there is no certificate, or none
/// sealed by `trusted`. Whether a TEST batch is acceptable is the caller's policy.
VerifyReport verify(const std::filesystem::path& directory, const X509Certificate& trusted,
                    const CheckAssessment& check_assessment, const std::optional<RecipientKey>& key = std::nullopt);

}  // namespace lightseed

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "crypto/recipient_key.h"
#include "crypto/time_stamp.h"
#include "crypto/trust.h"
#include "provision/certificate.h"
#include "provision/further_signatures.h"
#include "provision/order.h"
#include "provision/policy.h"

namespace lightseed {

/// What verify() is asked beside "is this batch as it was certified?".
struct VerifyRequest {
  Policy policy{};
  std::optional<RecipientKey> key{};    ///< opens the side it is for, and recomputes the Merkle root
  std::optional<std::string> outlet{};  ///< one side's files alone were sent: "card" or "network"
  std::optional<Order> order{};         ///< the batch must be of this order, SIM by SIM where a key is given
  std::function<void(std::string_view iccid)> opened = [](auto) {};  ///< each SIM of the side that the key opened
  /// The certificate, or the directory of the batch, that was issued before this one from the same ledger.
  std::optional<std::filesystem::path> previous{};
  std::stop_token stop{};
  std::function<void(std::uint64_t done, std::uint64_t total)> progress = [](auto, auto) {};  ///< bytes read
};

/// What verify() found.
struct VerifyReport {
  CertificateReading certificate;
  std::vector<std::string> checks;    ///< what was checked and holds, one phrase each
  std::vector<std::string> faults;    ///< what does not hold; none: the batch is as it was certified
  std::vector<std::string> refusals;  ///< what holds and is not enough for the policy
  std::vector<JudgedSignature> further_signatures;
  std::string opened_outlet;  ///< whose files a key was given for and opened
  std::uint64_t blocks_opened = 0;
  bool released = false;                  ///< under dual control, by whom the certificate names
  std::optional<TimeStamp> time_stamp{};  ///< of the certificate; its authority is said where one was trusted
  bool audit_made_again = false;          ///< of the opened keys, as the certified one says

  [[nodiscard]] bool valid() const noexcept { return faults.empty() && refusals.empty(); }
};

/// Checks a batch's directory against its certificate, offline: the seal first, then what the certificate says of
/// itself, the files, strays and, with a recipient's key, every block.
///
/// A certificate may name an audit of the batch's own keys: its file must be there, be the certified one and be a
/// record that comes to what the certificate says. With a recipient's key the audit is made again on the opened keys.
///
/// The first signature decides whether there is a certificate at all. The further ones are judged as
/// further_signatures.h says.
///
/// Throws Error(io) when the directory or a file cannot be read, Error(verdict) when there is no certificate, or none
/// sealed by `trust` or whom it vouches for, Error(interrupted).
VerifyReport verify(const std::filesystem::path& directory, const TrustAnchor& trust,
                    const VerifyRequest& request = {});

/// A certificate and who sealed it.
struct SealedCertificate {
  std::string statement;  ///< what was sealed, to the byte: an in-toto Statement, JSON
  CertificateReading reading;
  X509Certificate signer;
  JudgedSignatures further;  ///< the signatures beside the first, and what was asked of them and is not there
  std::string sha256;        ///< of the envelope, hexadecimal
};

/// What the certificate in `path` (the file itself, or a batch's directory) says, when it is sealed by `trust` or whom
/// it vouches for, with what is found of the further signatures. No key file is looked at. Throws as verify() does.
SealedCertificate read_sealed_certificate(const std::filesystem::path& path, const TrustAnchor& trust,
                                          const SignatureDemands& demands = {});

/// The same for a certificate that must hold: throws Error(verdict) with its first fault.
SealedCertificate read_sound_certificate(const std::filesystem::path& path, const TrustAnchor& trust);

/// Throws Error(refused) with the first thing that was asked of the further signatures and is not there, or not to be
/// seen here.
void require_demanded_signatures(const SealedCertificate& sealed);

}  // namespace lightseed

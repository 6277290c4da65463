// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <ctime>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "crypto/signature_kind.h"
#include "crypto/x509.h"

namespace lightseed {

/// Whose word counts, known from elsewhere: one certificate – the signer's own, or that of a certification authority –
/// or a chain to one authority.
///
/// In a chain the authority that nobody else in it issued is what is trusted. The others help to find the way:
/// authorities between it and the signer, and perhaps the signer's own certificate; then nobody else may have signed.
/// The signer's certificate comes with the signature; it is never trusted for that.
class TrustAnchor {
 public:
  /// The certificate in a file, or the chain in a PEM file, in any order. Throws as X509Certificate::read_all() does;
  /// Error(refused) when several certificates are no chain to one authority.
  /// Several of which one has a key of a kind that this libcrypto does not offer cannot be ordered: Error(refused).
  static TrustAnchor read(const std::filesystem::path& path);
  explicit TrustAnchor(X509Certificate certificate);

  [[nodiscard]] const X509Certificate& certificate() const noexcept { return certificate_; }
  [[nodiscard]] bool is_authority() const noexcept { return authority_; }

  /// Whose signature to check: the anchor itself, or, for an authority, the certificate that came with the signature
  /// or stands in the chain, if there is a path from it to the authority. Dates are not looked at yet: who signed comes
  /// before when. Throws Error(verdict).
  [[nodiscard]] X509Certificate signer(const std::optional<X509Certificate>& offered) const;

  /// Whether `signer` was allowed to make a signature of this kind at the time of issue: dates, key usage, no authority
  /// itself, a key of the kind. For an authority as anchor also the path between them at that time (RFC 5280 section 6:
  /// signatures, dates, basic constraints with path lengths, key usage, name constraints, critical extensions), with
  /// digests of 112 bits and more, and keys of authorities from the list of public_key.h – for a further signature also
  /// of its kind or akin to it (signature_kind.h). Revocation is not looked at: that would take a network. Throws
  /// Error(refused) that names the certificate and the rule.
  void judge(const X509Certificate& signer, std::time_t issued, SignatureKind kind = SignatureKind::ecdsa_p384) const;

 private:
  X509Certificate certificate_;
  bool authority_;
  std::vector<X509Certificate> between_;
  std::optional<X509Certificate> leaf_;  ///< the only one who may have signed

  static TrustAnchor of_chain(std::vector<X509Certificate> chain, const std::string& path);
};

}  // namespace lightseed

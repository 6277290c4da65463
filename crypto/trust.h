// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <ctime>
#include <filesystem>
#include <optional>
#include <string>

#include "crypto/x509.h"

namespace lightseed {

/// Whose word counts: one certificate, known from elsewhere. It is the signer's own, or that of a certification
/// authority that issued the signer's.
class TrustAnchor {
 public:
  /// The one certificate in a file. Throws as X509Certificate::read() does.
  static TrustAnchor read(const std::filesystem::path& path);
  explicit TrustAnchor(X509Certificate certificate);

  [[nodiscard]] const X509Certificate& certificate() const noexcept { return certificate_; }
  [[nodiscard]] bool is_authority() const noexcept { return authority_; }

  /// Whose signature to check: the anchor itself, or, for an authority, the certificate that came with the signature,
  /// if the authority did issue it. Dates are not looked at yet: who signed comes before when.
  /// Throws Error(verdict).
  [[nodiscard]] X509Certificate signer(const std::optional<X509Certificate>& offered) const;

  /// Whether `signer` was allowed to sign at the time of issue: dates, key usage, no authority itself, a P-384 key; for
  /// an authority as anchor the same at that time, and the path between them (RFC 5280 section 6).
  /// Throws Error(refused) that says which rule is broken.
  void judge(const X509Certificate& signer, std::time_t issued) const;

 private:
  X509Certificate certificate_;
  bool authority_;

  /// OpenSSL's words for what is wrong with the path; empty when nothing is. No dates without `moment`.
  [[nodiscard]] std::string fault_of_path(const X509Certificate& signer, std::optional<std::time_t> moment) const;
};

}  // namespace lightseed

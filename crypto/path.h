// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <ctime>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "crypto/x509.h"

namespace lightseed {

/// A way from a certificate to an authority that is trusted (RFC 5280 section 6).
struct CertificatePath {
  std::vector<X509Certificate> certificates;  ///< the first is the one asked about, the last the authority
  std::string fault;  ///< what is wrong, naming the certificate; empty when nothing is. Then the path is whole.
};

/// Looks for the way through `between`. What is trusted counts because a person said so, not because it signed itself.
/// Without a moment dates are not looked at.
CertificatePath find_path(const X509Certificate& certificate, const X509Certificate& trusted,
                          std::span<const X509Certificate> between, std::optional<std::time_t> moment);

}  // namespace lightseed

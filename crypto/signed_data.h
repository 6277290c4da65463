// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <ctime>
#include <span>
#include <string>

#include "crypto/signer.h"
#include "crypto/x509.h"

namespace lightseed {

/// SignedData (RFC 5652 section 5) over a key package (RFC 6031): one signer, ECDSA P-384 with SHA-384, and the signed
/// attributes of CAdES (RFC 5126 5.7): content type, message digest, time and signing certificate.
///
/// It is written here and not by OpenSSL for two reasons. The package is never copied: the few bytes around it are made
/// apart. And a signature is all that is asked of the key, so that the key may live in a token.

/// A SignedData in three pieces: head, package, tail. The package stays where it was.
struct SignedPackage {
  std::string head;
  std::span<const std::byte> package;
  std::string tail;
};

/// Signs the package, which must outlive the result. Throws Error(crypto).
SignedPackage sign_package(std::span<const std::byte> package, const Signer& signer, std::time_t now);
SignedPackage sign_package(std::span<const std::byte> package, const Signer& signer);

/// The package inside a SignedData whose only signature is by `trusted`: a view into `signed_data`. Signatures of
/// edition 1 may have the higher s; the package's bytes are covered either way. Throws Error(verdict).
std::span<const std::byte> verify_package(std::span<const std::byte> signed_data, const X509Certificate& trusted);

}  // namespace lightseed
